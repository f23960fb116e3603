import { setTimeout as pause } from 'node:timers/promises';
import { PeerCall } from 'signal-core/client';
import { expect, it } from 'vitest';
import { ANSWER, candidates, OFFER } from '../e2e/session-descriptions.ts';
import { talk } from './call-steps.ts';
import { all, next, settle } from './heard.ts';
import { legacyServer } from './legacy-server.ts';
import { paperConnection } from './paper-connection.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { guestsOf, stage } from './stage.ts';

/** As if made after the first one. */
const LATER_OFFER = { type: 'offer', sdp: OFFER.sdp.replace(' 2 IN', ' 3 IN') } as const;

it('[CLIENT-14] ICE restarts once for each time that the connection fails', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked, fire } = paperConnection();
  const rung = next(bob.client, 'incomingCall');
  const peerCall = new PeerCall({ client: alice.client, to: bob.id }, pc);
  const told = [all(peerCall, 'connected'), all(peerCall, 'reconnecting')];
  await peerCall.start();
  await (await rung)[0].accept(ANSWER);
  const pass = (ice: string, connection: string) => {
    pc.iceConnectionState = ice;
    pc.connectionState = connection;
    fire('iceconnectionstatechange');
    fire('connectionstatechange');
  };
  pass('connected', 'connected');
  pass('disconnected', 'disconnected');
  expect(asked).not.toContain('restart');
  pass('failed', 'failed');
  pass('checking', 'connecting');
  pass('completed', 'connected');
  pass('completed', 'failed');
  expect(asked.filter((what) => what === 'restart')).toHaveLength(2);
  expect(told.map((events) => events.length)).toEqual([2, 2]);
});

it('[CLIENT-12] candidates that come before the call is taken wait for it, in order', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  const placed = await alice.client.call(bob.id, { offer: OFFER, callType: 'video' });
  const [rung] = await ring;
  for (const candidate of [...candidates(1, 3), null]) placed.sendCandidate(candidate);
  await settle(alice, bob);
  await new PeerCall(rung, pc).start();
  await settle(alice, bob);
  const order = ['remote offer', 'local answer', 'candidate:1', 'candidate:2', 'candidate:3', 'end of candidates'];
  expect(asked).toEqual(order);
});

it('[CLIENT-12] candidates that come before the answer wait for it, in order', async () => {
  // this server holds none back
  const { join } = guestsOf(await legacyServer());
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  const peerCall = new PeerCall({ client: alice.client, to: bob.id }, pc);
  await peerCall.start();
  const [rung] = await ring;
  for (const candidate of candidates(1, 3)) rung.sendCandidate(candidate);
  rung.sendCandidate(null);
  await settle(bob, alice);
  expect(asked).toEqual(['local offer']);
  await rung.accept(ANSWER);
  await settle(bob, alice);
  const order = ['remote answer', 'candidate:1', 'candidate:2', 'candidate:3', 'end of candidates'];
  expect(asked).toEqual(['local offer', ...order]);
});

it('[CLIENT-13] the caller ignores an offer that crosses its own, and the candidates that go with it', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked, fire } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  const peerCall = new PeerCall({ client: alice.client, to: bob.id }, pc);
  const errors = all(peerCall, 'error');
  await peerCall.start();
  const [rung] = await ring;
  await rung.accept(ANSWER);
  await settle(alice, bob);
  asked.length = 0;
  fire('negotiationneeded');
  await next(rung, 'description');
  pc.addIceCandidate = () => Promise.reject(new Error('of another offer'));
  await rung.sendDescription(OFFER);
  rung.sendCandidate(candidates(1, 1)[0] ?? null);
  await settle(alice, bob);
  expect(asked).toEqual(['local offer']);
  expect(errors).toEqual([]);
  await rung.sendDescription(ANSWER);
  await settle(alice, bob);
  expect(asked).toEqual(['local offer', 'remote answer']);
});

it('[CLIENT-13] what is needed before the call is active is offered once it is', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked, fire } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  const placed = await alice.client.call(bob.id, { offer: OFFER, callType: 'video' });
  const peerCall = new PeerCall((await ring)[0], pc);
  bob.proxy.delayMs = 50;
  const started = peerCall.start();
  while (!asked.includes('local answer')) await new Promise((resolve) => setImmediate(resolve));
  fire('negotiationneeded');
  expect(peerCall.call?.state).toBe('ringing');
  await started;
  expect(await next(placed, 'description')).toEqual([OFFER]);
});

it('[CLIENT-13] an answer that comes too late, and what does not fit, break nothing', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked } = paperConnection();
  const { placed, rung } = await talk(alice, bob);
  const fault = new Error('no such section');
  const ring = next(bob.client, 'incomingCall');
  await placed.end();
  await settle(alice, bob);
  const again = await alice.client.call(bob.id, { offer: OFFER, callType: 'video' });
  const peerCall = new PeerCall((await ring)[0], pc);
  const errors = all(peerCall, 'error');
  await peerCall.start();
  asked.length = 0;
  await again.sendDescription(ANSWER).catch(() => {});
  pc.setRemoteDescription = () => Promise.reject(fault);
  await settle(alice, bob);
  await again.sendDescription(LATER_OFFER);
  await settle(alice, bob);
  expect(asked).toEqual([]);
  expect(errors).toEqual([[fault]]);
  expect(rung.state).toBe('ended');
  expect(peerCall.call?.state).toBe('active');
});

it('[CLIENT-14] what may be lost is said again: an open offer, or else ICE begins anew', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked, fire } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  await new PeerCall({ client: alice.client, to: bob.id }, pc).start();
  const [rung] = await ring;
  await rung.accept(ANSWER);
  await settle(alice, bob);
  const descriptions = all(rung, 'description');
  fire('negotiationneeded');
  while (descriptions.length < 1) await next(rung, 'description');
  await settle(alice, bob);
  await crash(alice, bob);
  while (descriptions.length < 3) await next(rung, 'description');
  expect(descriptions).toEqual([[OFFER], [{ type: 'rollback' }], [OFFER]]);
  await rung.sendDescription(ANSWER);
  await settle(alice, bob);
  expect(asked).not.toContain('restart');
  await crash(alice, bob);
  await rung.sendInfo('back');
  await settle(alice, bob);
  expect(asked).toContain('restart');
});

it('[CLIENT-14] the callee lets the caller begin anew first, and does so itself when no offer comes', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  const placed = await alice.client.call(bob.id, { offer: OFFER, callType: 'video' });
  const peerCall = new PeerCall((await ring)[0], pc);
  await peerCall.start();
  await settle(alice, bob);
  const comesBack = async () => {
    const gap = peerCall.call ? next(peerCall.call, 'unrecovered') : expect.fail('no call');
    await crash(alice, bob);
    await gap;
    return performance.now();
  };
  const first = await comesBack();
  await placed.sendDescription(LATER_OFFER);
  await expect.poll(() => asked.filter((what) => what === 'remote offer').length).toBe(2);
  await pause(first + 1_200 - performance.now());
  await settle(alice, bob);
  expect(asked).not.toContain('restart');
  const second = await comesBack();
  await expect.poll(() => asked, { timeout: 5_000, interval: 10 }).toContain('restart');
  expect(performance.now() - second).toBeGreaterThan(950);
});

it('[CLIENT-20] whoever missed something takes back first; the other end, if its offer is open, makes it again', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, fire } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  await new PeerCall({ client: alice.client, to: bob.id }, pc).start();
  const [rung] = await ring;
  await rung.accept(ANSWER);
  await settle(alice, bob);
  const descriptions = all(rung, 'description');
  await rung.sendDescription({ type: 'rollback' });
  await settle(alice, bob);
  expect(descriptions).toEqual([]);
  fire('negotiationneeded');
  while (descriptions.length < 1) await next(rung, 'description');
  await rung.sendDescription({ type: 'rollback' });
  await settle(alice, bob);
  expect(descriptions).toEqual([[OFFER], [OFFER]]);
});

it('[CLIENT-20] an offer that nobody has taken yet is said by the return itself, and not twice', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, fire } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  await new PeerCall({ client: alice.client, to: bob.id }, pc).start();
  const [rung] = await ring;
  await rung.accept(ANSWER);
  await settle(alice, bob);
  const descriptions = all(rung, 'description');
  alice.proxy.goDown();
  await next(alice.client, 'state');
  fire('negotiationneeded');
  await crash(alice, bob);
  alice.proxy.comeUp();
  while (descriptions.length < 2) await next(rung, 'description');
  await settle(alice, bob);
  expect(descriptions).toEqual([[OFFER], [{ type: 'rollback' }]]);
});

it('[CLIENT-20] an offer that comes twice is answered twice in the same words, and its answer stands', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  const placed = await alice.client.call(bob.id, { offer: OFFER, callType: 'video' });
  await new PeerCall((await ring)[0], pc).start();
  await settle(alice, bob);
  const descriptions = all(placed, 'description');
  for (const offer of [LATER_OFFER, LATER_OFFER]) await placed.sendDescription(offer);
  await settle(alice, bob);
  expect(descriptions).toEqual([[ANSWER], [ANSWER]]);
  expect(asked.filter((what) => what === 'remote offer')).toHaveLength(2);
});

it('[CLIENT-13] the final answer after a provisional one is applied', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { pc, asked, fire } = paperConnection();
  const ring = next(bob.client, 'incomingCall');
  await new PeerCall({ client: alice.client, to: bob.id }, pc).start();
  const [rung] = await ring;
  await rung.accept(ANSWER);
  await settle(alice, bob);
  fire('negotiationneeded');
  await next(rung, 'description');
  asked.length = 0;
  await rung.sendDescription({ ...ANSWER, type: 'pranswer' });
  await rung.sendDescription(ANSWER);
  await settle(alice, bob);
  expect(asked).toEqual(['remote pranswer', 'remote answer']);
});

it('[CLIENT-24] an offer that is refused is taken back, told, and made again later', async () => {
  let isRefused = true;
  const url = await scriptedServer({
    onJoin(socket, answer) {
      socket.on('call_user', ({ callId }, reply) => {
        reply({ ok: true });
        socket.emit('call_accepted', { callId, answer: ANSWER });
      });
      socket.on('session_description', (_payload, reply) => {
        const error = { code: 'unavailable', message: 'slowly', retryAfterMs: 1_200 };
        reply(isRefused ? { ok: false, error } : { ok: true });
        isRefused = false;
      });
      answer(JOINED);
    },
  });
  const alice = await guestsOf(url).join('alice');
  const { pc, asked, fire } = paperConnection();
  const peerCall = new PeerCall({ client: alice.client, to: 'bob' }, pc);
  const refused = next(peerCall, 'error');
  const accepted = new Promise<void>((resolve) => {
    const look = () => (pc.remoteDescription === null ? setImmediate(look) : resolve());
    look();
  });
  await peerCall.start();
  await accepted;
  asked.length = 0;
  const start = performance.now();
  fire('negotiationneeded');
  expect(await refused).toEqual([expect.objectContaining({ code: 'unavailable' })]);
  // as a browser does, once the offer is taken back
  fire('negotiationneeded');
  const offers = () =>
    alice.wire.filter(({ direction, event }) => direction === 'sent' && event === 'session_description');
  while (offers().length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(performance.now() - start).toBeGreaterThan(1_190);
  expect(asked).toEqual(['local offer', 'local rollback', 'local offer']);
});
