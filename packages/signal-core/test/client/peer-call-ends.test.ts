import { PeerCall } from 'signal-core/client';
import { expect, it } from 'vitest';
import { ring } from './call-steps.ts';
import { all, next, settle } from './heard.ts';
import { paperConnection } from './paper-connection.ts';
import { agreedOn, mediaCall } from './peers.ts';
import { stage } from './stage.ts';

it('[CLIENT-21] to end an incoming call before it is started declines it', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await ring(alice, bob);
  const over = next(placed, 'ended');
  const peerCall = new PeerCall(rung, paperConnection().pc);
  await peerCall.end();
  expect((await over)[0]).toMatchObject({ reason: 'declined' });
  expect(await next(peerCall, 'ended')).toEqual([{ reason: 'declined' }]);
  await expect(peerCall.start()).rejects.toMatchObject({ code: 'invalid_state' });
});

it('[CLIENT-21] to end a call while its offer is made rings nobody, even if the offer never comes', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const rings = all(bob.client, 'incomingCall');
  const late = paperConnection();
  const offer = await late.pc.createOffer();
  let give = () => {};
  late.pc.createOffer = () =>
    new Promise((resolve) => {
      give = () => resolve(offer);
    });
  for (const isGiven of [true, false]) {
    const peerCall = new PeerCall({ client: alice.client, to: bob.id }, late.pc);
    const started = peerCall.start();
    await new Promise((resolve) => setImmediate(resolve));
    await peerCall.end();
    if (isGiven) give();
    await expect(started).rejects.toMatchObject({ code: 'invalid_state' });
    await settle(alice, bob);
    expect(peerCall.call).toBe(undefined);
  }
  expect(rings).toEqual([]);
  expect(alice.client.calls.size).toBe(0);
});

it('[CLIENT-21] a call that comes too late for its end is ended', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await ring(alice, bob);
  const over = next(rung, 'ended');
  let give = () => {};
  const client = {
    calls: new Map(),
    call: () =>
      new Promise<typeof placed>((resolve) => {
        give = () => resolve(placed);
      }),
  };
  const peerCall = new PeerCall({ client, to: bob.id }, paperConnection().pc);
  const started = peerCall.start();
  await new Promise((resolve) => setImmediate(resolve));
  await peerCall.end();
  await expect(started).rejects.toMatchObject({ code: 'invalid_state' });
  give();
  expect((await over)[0]).toMatchObject({ reason: 'cancelled' });
});

it('[CLIENT-21] it starts once', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const rings = all(bob.client, 'incomingCall');
  const peerCall = new PeerCall({ client: alice.client, to: bob.id }, paperConnection().pc);
  const first = peerCall.start();
  await expect(peerCall.start()).rejects.toMatchObject({ code: 'invalid_state' });
  await first;
  await settle(alice, bob);
  expect(rings).toHaveLength(1);
  expect([...alice.client.calls.values()].map(({ state }) => state)).toEqual(['ringing']);
});

it('[CLIENT-21] an answer that a cancelled ring overtakes rejects, and accepts nothing', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await ring(alice, bob);
  const { pc } = paperConnection();
  pc.createAnswer = () => new Promise(() => {});
  const started = new PeerCall(rung, pc).start();
  const refused = expect(started).rejects.toMatchObject({ code: 'invalid_state' });
  await placed.end();
  await refused;
  expect(rung.state).toBe('ended');
});

it('[CLIENT-15] under the first call of two nothing of the offer goes out that was taken back', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const dead = { candidate: 'candidate:9 1 udp 1 192.0.2.9 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };
  const papers = [paperConnection(), paperConnection()] as const;
  for (const { pc, fire } of papers) {
    const apply = pc.setLocalDescription;
    pc.setLocalDescription = async (description) => {
      if (description.type === 'rollback') fire('icecandidate', { candidate: dead });
      await apply(description);
    };
  }
  const calls = [
    new PeerCall({ client: alice.client, to: bob.id }, papers[0].pc),
    new PeerCall({ client: bob.client, to: alice.id }, papers[1].pc),
  ];
  await Promise.all(calls.map((call) => call.start()));
  await settle(alice, bob);
  expect(papers.flatMap(({ asked }) => asked)).toContain('local rollback');
  expect(JSON.stringify([...alice.wire, ...bob.wire])).not.toContain('192.0.2.9');
});

it('[CLIENT-20] an offer that one end alone lost does not stop two real peers', { timeout: 60_000 }, async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob);
  const [call, other] = [caller.peerCall.call, callee.peerCall.call];
  if (call === undefined || other === undefined) throw new Error('there is no call');
  const gap = next(other, 'unrecovered', 15_000);
  bob.proxy.goDown();
  await next(call, 'peerReconnecting');
  caller.pc.addTransceiver('audio');
  while (caller.pc.signalingState === 'stable') await new Promise((resolve) => setImmediate(resolve));
  // more than is kept
  for (let index = 0; index < 300; index += 1) await call.sendInfo(index);
  bob.proxy.comeUp();
  await gap;
  await agreedOn(2, [caller.pc, callee.pc]);
  callee.pc.addTransceiver('video');
  await agreedOn(3, [caller.pc, callee.pc]);
});
