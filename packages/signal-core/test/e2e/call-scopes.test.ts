import type { ScopeHook } from 'signal-core';
import { expect, test } from 'vitest';
import { callTo, ring, stillTalking, talk } from './call-steps.ts';
import { stage } from './stage.ts';

const byColour: ScopeHook = ({ username }) => /^(red|blue) /.exec(username ?? '')?.[1] ?? '';

/** Two in `red` and two in `blue` who talk, in calls of one id. */
async function twoCallsOfOneId() {
  const world = await stage('websocket', { scopeOf: byColour });
  const [alice, bob] = [await world.join('red alice'), await world.join('red bob')];
  const [carol, dave] = [await world.join('blue carol'), await world.join('blue dave')];
  for (const [from, to] of [
    [alice, bob],
    [carol, dave],
  ] as const) {
    await talk(from, to, { callId: 'same' });
  }
  const ids = async () => (await world.signaling.activeCalls()).map(({ id, from }) => [id, from.username]);
  return { ...world, alice, bob, carol, dave, ids };
}

test('[STORE-10] calls of one id in two scopes are two calls: one goes on when the other ends', async () => {
  const { alice, bob, carol, dave, ids, signaling } = await twoCallsOfOneId();
  expect((await ids()).toSorted()).toEqual([
    ['same', 'blue carol'],
    ['same', 'red alice'],
  ]);
  expect(await signaling.stats()).toMatchObject({ activeCalls: 2 });
  expect(await alice.refusal('accept_call', { callId: 'same', answer: { type: 'answer', sdp: 'v=0' } })).toBe(
    'invalid_state',
  );
  expect(await dave.ask('end_call', { callId: 'same' })).toEqual({ ok: true });
  await carol.next('call_ended', ({ reason }) => reason === 'hangup');
  await stillTalking(alice, bob, 'same');
  expect(await ids()).toEqual([['same', 'red alice']]);
  expect(await alice.ask('end_call', { callId: 'same' })).toEqual({ ok: true });
  await bob.next('call_ended');
  expect(await signaling.stats()).toMatchObject({ activeCalls: 0 });
});

test('[STORE-10] a call is nobody’s business in another scope, also for who knows its id', async () => {
  const world = await stage('websocket', { scopeOf: byColour });
  const [alice, bob] = [await world.join('red alice'), await world.join('red bob')];
  const mallory = await world.join('blue mallory');
  const callId = await ring(alice, bob);
  const answer = { type: 'answer', sdp: 'v=0' };
  for (const id of [callId, 'no-such-call']) {
    expect(await mallory.refusal('end_call', { callId: id })).toBe('call_not_found');
    expect(await mallory.refusal('accept_call', { callId: id, answer })).toBe('call_not_found');
    expect(await mallory.refusal('call_user', callTo(mallory, alice, { callId: id }))).toBe('user_offline');
  }
  expect(await alice.ask('end_call', { callId })).toEqual({ ok: true });
});

test('[STORE-10] the host ends all calls of an id, and those of a user in every scope', async () => {
  const { alice, bob, carol, dave, ids, signaling } = await twoCallsOfOneId();
  expect(await signaling.endCall('same')).toBe(true);
  for (const client of [alice, bob, carol, dave]) await client.next('call_ended', ({ reason }) => reason === 'removed');
  expect(await ids()).toEqual([]);
  expect(await signaling.endCall('same')).toBe(false);
  await talk(alice, bob);
  await talk(carol, dave);
  expect(await signaling.disconnectUser(alice.id)).toBe(1);
  await bob.next('call_ended', ({ reason }) => reason === 'removed');
  expect((await ids()).map(([, from]) => from)).toEqual(['blue carol']);
});

test('[STORE-10] [HOST-6] what rings ends at close(), in every scope', async () => {
  const world = await stage('websocket', { scopeOf: byColour });
  const [alice, bob] = [await world.join('red alice'), await world.join('red bob')];
  const [carol, dave] = [await world.join('blue carol'), await world.join('blue dave')];
  await ring(alice, bob);
  await ring(carol, dave);
  const closing = world.signaling.close();
  for (const client of [alice, bob, carol, dave]) {
    await client.next('call_ended', ({ reason }) => reason === 'server_shutdown');
  }
  await closing;
});

test('[PRES-11] a device that comes back under another scope has left its calls', async () => {
  let scope = 'red';
  const world = await stage('websocket', { scopeOf: () => scope });
  const device = { deviceId: 'laptop', protocol: 2, features: ['resume'] };
  const [alice, bob] = [await world.join('alice', device), await world.join('bob')];
  const callId = await talk(alice, bob);
  scope = 'blue';
  await alice.drop();
  await bob.next('call_status', ({ status }) => status === 'peer_reconnecting');
  expect(await alice.comeBack()).toMatchObject({ calls: [] });
  expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  expect(await alice.refusal('end_call', { callId })).toBe('call_not_found');
  expect(await world.signaling.activeCalls()).toEqual([]);
  const carol = await world.join('carol');
  await stillTalking(alice, carol, await talk(alice, carol));
});
