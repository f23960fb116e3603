import { PeerCall, type PeerConnection } from 'signal-core/client';
import { expect, it } from 'vitest';
import { ANSWER, candidates, OFFER } from '../e2e/session-descriptions.ts';
import { talk } from './call-steps.ts';
import { all, next, settle } from './heard.ts';
import { legacyServer } from './legacy-server.ts';
import { guestsOf, stage } from './stage.ts';

/** A peer connection without any media: it notes what is asked of it, and is in whatever state the test says. */
function paperConnection() {
  const target = new EventTarget();
  const asked: string[] = [];
  const note = async (what: string) => {
    asked.push(what);
  };
  const pc = {
    signalingState: 'stable',
    iceConnectionState: 'new',
    connectionState: 'new',
    iceGatheringState: 'new',
    localDescription: null as PeerConnection['localDescription'],
    remoteDescription: null as object | null,
    createOffer: async () => OFFER,
    createAnswer: async () => ANSWER,
    setLocalDescription: ({ type }: { type: string }) => {
      pc.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
      if (type !== 'rollback') pc.localDescription = { type, sdp: OFFER.sdp };
      return note(`local ${type}`);
    },
    setRemoteDescription: ({ type }: { type: string }) => {
      pc.signalingState = type === 'offer' ? 'have-remote-offer' : 'stable';
      pc.remoteDescription = { type };
      return note(`remote ${type}`);
    },
    addIceCandidate: (candidate: { candidate: string } | null) =>
      note(candidate === null ? 'end of candidates' : (candidate.candidate.split(' ')[0] ?? '')),
    restartIce: () => void note('restart'),
    close: () => void note('close'),
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
  const fire = (type: string, members: object = {}) => target.dispatchEvent(Object.assign(new Event(type), members));
  return { pc, asked, fire };
}

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
  await again.sendDescription(OFFER);
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
  await crash(alice, bob);
  while (descriptions.length < 2) await next(rung, 'description');
  expect(descriptions).toEqual([[OFFER], [OFFER]]);
  await rung.sendDescription(ANSWER);
  await settle(alice, bob);
  expect(asked).not.toContain('restart');
  await crash(alice, bob);
  await rung.sendInfo('back');
  await settle(alice, bob);
  expect(asked).toContain('restart');
});
