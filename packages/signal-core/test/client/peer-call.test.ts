import { PeerCall } from 'signal-core/client';
import { expect, it } from 'vitest';
import { browserGlobals } from './browser-globals.ts';
import { all, next, settle } from './heard.ts';
import { agreedOn, connection, iceUfrags, mediaCall, message, opened, restarted } from './peers.ts';
import { type Guest, stage } from './stage.ts';

it('[CLIENT-12] two real peers talk over a data channel, and the end of the call closes both connections', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob);
  await Promise.all([next(caller.peerCall, 'connected'), next(callee.peerCall, 'connected')]);
  const heard = message(callee.channel);
  caller.channel.send('hello');
  expect(await heard).toBe('hello');
  const [here, there] = [next(caller.peerCall, 'ended'), next(callee.peerCall, 'ended')];
  await caller.peerCall.end();
  expect((await here)[0]).toMatchObject({ reason: 'hangup', by: alice.id });
  expect((await there)[0]).toMatchObject({ reason: 'hangup', by: alice.id });
  expect([caller.pc.signalingState, callee.pc.signalingState]).toEqual(['closed', 'closed']);
});

it('[CLIENT-12] a connection that the application keeps is not closed, nor touched afterwards', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob, { closePeerConnection: false });
  const ended = next(callee.peerCall, 'ended');
  await caller.peerCall.end();
  await ended;
  expect([caller.pc.signalingState, callee.pc.signalingState]).toEqual(['stable', 'stable']);
  const heard = message(callee.channel);
  caller.channel.send('still here');
  expect(await heard).toBe('still here');
});

it('[CLIENT-12] candidates travel one by one, from either side, and none inside a description', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  await mediaCall(alice, bob);
  for (const { wire } of [alice, bob]) {
    const sent = wire.filter(({ direction }) => direction === 'sent');
    expect(sent.some(({ event }) => event === 'ice_candidates')).toBe(true);
    const descriptions = JSON.stringify(sent.filter(({ event }) => event !== 'ice_candidates'));
    expect(descriptions).not.toContain('a=candidate');
  }
});

it('[CLIENT-13] either side may renegotiate once the call is active', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob);
  caller.pc.addTransceiver('audio');
  await agreedOn(2, [caller.pc, callee.pc]);
  callee.pc.addTransceiver('video');
  await agreedOn(3, [caller.pc, callee.pc]);
  const offers = ({ wire }: Guest) =>
    wire.filter(({ direction, event }) => direction === 'sent' && event === 'session_description');
  // an offer and an answer each, and not one more
  expect([offers(alice).length, offers(bob).length]).toEqual([2, 2]);
});

it('[CLIENT-13] of offers that cross the callee takes back its own, and both changes come through', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob);
  const errors = [all(caller.peerCall, 'error'), all(callee.peerCall, 'error')];
  alice.proxy.delayMs = 30;
  for (let round = 0; round < 5; round += 1) {
    caller.pc.addTransceiver('audio');
    callee.pc.addTransceiver('video');
    await agreedOn(1 + (round + 1) * 2, [caller.pc, callee.pc]);
  }
  expect(errors).toEqual([[], []]);
  const sent = bob.wire.filter(({ direction, event }) => direction === 'sent' && event === 'session_description');
  const types = sent.map(({ payload }) => Object(payload).description.type);
  // each round an offer that was taken back, an answer, and the offer again
  expect(types).toEqual(Array.from({ length: 5 }, () => ['offer', 'answer', 'offer']).flat());
});

it('[CLIENT-14] a change of network restarts ICE, and the data channel stays', async () => {
  const page = browserGlobals();
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob);
  const before = iceUfrags(caller.pc);
  page.dispatch('online');
  await restarted(before, [caller.pc, callee.pc]);
  const heard = message(callee.channel);
  caller.channel.send('over another network');
  expect(await heard).toBe('over another network');
});

it('[CLIENT-14] [CLIENT-8] after a restart of the server the data channel is still there, and ICE restarts through it', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob);
  const before = iceUfrags(caller.pc);
  const over = [all(caller.peerCall, 'ended'), all(callee.peerCall, 'ended')];
  const down = message(callee.channel);
  const crashed = crash(alice, bob);
  caller.channel.send('without a server');
  expect(await down).toBe('without a server');
  await crashed;
  await restarted(before, [caller.pc, callee.pc]);
  const back = message(caller.channel);
  callee.channel.send('with one again');
  expect(await back).toBe('with one again');
  expect(over).toEqual([[], []]);
  expect([caller.peerCall.call?.state, callee.peerCall.call?.state]).toEqual(['active', 'active']);
});

it('[CLIENT-9] [CLIENT-12] a call that rang when the server forgot everything still becomes one of two real peers', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const [pc, remote] = [connection(), connection()];
  const channel = pc.createDataChannel('first');
  const peerCall = new PeerCall({ client: alice.client, to: bob.id }, pc);
  const rung = next(bob.client, 'incomingCall');
  await peerCall.start();
  const gone = next((await rung)[0], 'ended');
  const again = next(bob.client, 'incomingCall');
  await crash(alice, bob);
  await gone;
  await new PeerCall((await again)[0], remote).start();
  await opened(channel);
});

it('[CLIENT-15] two who call each other at once are in one call, and see no ring', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const pcs = [connection(), connection()] as const;
  const rings = [all(alice.client, 'incomingCall'), all(bob.client, 'incomingCall')];
  const channels = pcs.map((pc) => pc.createDataChannel('mine'));
  const calls = [
    new PeerCall({ client: alice.client, to: bob.id }, pcs[0]),
    new PeerCall({ client: bob.client, to: alice.id }, pcs[1]),
  ];
  await Promise.all(calls.map((call) => call.start()));
  await Promise.all(channels.map(opened));
  expect(calls[0]?.call?.id).toBe(calls[1]?.call?.id);
  expect(calls.map(({ call }) => call?.role).sort()).toEqual(['callee', 'caller']);
  expect(rings).toEqual([[], []]);
});

it('[CLIENT-12] a call that nobody can take is over before it began', async () => {
  const { join } = await stage();
  const alice = await join('alice');
  const pc = connection();
  const peerCall = new PeerCall({ client: alice.client, to: 'nobody' }, pc);
  await expect(peerCall.start()).rejects.toMatchObject({ code: 'user_offline' });
  expect(await next(peerCall, 'ended')).toEqual([{ reason: 'user_offline' }]);
  expect(pc.signalingState).toBe('closed');
});

it('[CLIENT-12] to hang up while the call waits for the connection rings nobody', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const rings = all(bob.client, 'incomingCall');
  const lost = next(alice.client, 'state');
  alice.proxy.freeze();
  alice.proxy.cut();
  await lost;
  const peerCall = new PeerCall({ client: alice.client, to: bob.id }, connection());
  const starting = peerCall.start().catch((error: unknown) => error);
  while (alice.client.calls.size === 0) await new Promise((resolve) => setImmediate(resolve));
  await peerCall.end();
  expect(await starting).toMatchObject({ code: 'invalid_state' });
  const joined = next(alice.client, 'state');
  alice.proxy.thaw();
  expect(await joined).toEqual(['joined']);
  await settle(alice, bob);
  expect(rings).toEqual([]);
});
