import { describe, expect, test } from 'vitest';
import { answer, callTo, ring } from './call-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { CALLER_UFRAG, candidate, candidates } from './session-descriptions.ts';
import { stage } from './stage.ts';
import { EARLY, MODERN, talked, trickled } from './talk-steps.ts';

const trickle = (from: LegacyClient, to: { id: string }, ...list: unknown[]) => {
  for (const one of list) from.send('ice_candidate', { to: to.id, candidate: one });
};

describe.each(TRANSPORTS)('early candidates over %s', (transport) => {
  test('[ICE-10] of two rung devices the one that takes them has them early; each gets each once', async () => {
    const { join } = await stage(transport);
    const [alice, phone, tablet] = [await join('alice'), await join('bob', EARLY), await join('bob')];
    trickle(alice, phone, candidate(1), candidate(2));
    const callId = await ring(alice, phone);
    trickle(alice, phone, candidate(3), null);
    expect(await trickled(phone, alice)).toEqual([...candidates(1, 3), null]);
    expect(phone.order('incoming_call', 'ice_candidate')[0]).toBe('incoming_call');
    expect(phone.take('ice_candidate')[0]).toEqual({ callId, from: alice.id, candidate: candidate(1) });
    await tablet.quiet('ice_candidate', 'ice_candidates');
    await answer(phone, alice, callId);
    trickle(alice, phone, candidate(4));
    expect(await trickled(phone, alice)).toEqual([...candidates(1, 3), null, candidate(4)]);
    await tablet.quiet('ice_candidate', 'ice_candidates');
  });

  test('[ICE-10] [ICE-2] when the other one answers, it gets all of them then', async () => {
    const { join } = await stage(transport);
    const [alice, phone, tablet] = [await join('alice'), await join('bob', EARLY), await join('bob')];
    trickle(alice, phone, candidate(1));
    const callId = await ring(alice, tablet);
    trickle(alice, phone, candidate(2));
    await alice.settle();
    await answer(tablet, alice, callId);
    trickle(alice, phone, candidate(3));
    expect(await trickled(tablet, alice)).toEqual(candidates(1, 3));
    expect(await trickled(phone, alice)).toEqual(candidates(1, 2));
  });
});

test('[ICE-10] two devices that take them have them both; one that comes online later has all of them', async () => {
  const { join } = await stage('websocket');
  const [alice, phone, tablet] = [await join('alice'), await join('bob', MODERN), await join('bob', EARLY)];
  trickle(alice, phone, candidate(1), candidate(2));
  const callId = await ring(alice, phone);
  trickle(alice, phone, candidate(3));
  const expected = candidates(1, 3);
  expect(await talked(phone, alice)).toEqual([
    ['ice_candidates', candidates(1, 2)],
    ['ice_candidate', candidate(3)],
  ]);
  expect(await trickled(tablet, alice)).toEqual(expected);
  const late = await join('bob', EARLY);
  await late.next('incoming_call');
  expect(await trickled(late, alice)).toEqual(expected);
  expect(late.order('incoming_call', 'ice_candidate')[0]).toBe('incoming_call');
  await answer(late, alice, callId);
  expect(await trickled(late, alice)).toEqual(expected);
});

test('[ICE-10] [ICE-5] stale ones stay behind', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob', EARLY)];
  trickle(alice, bob, candidate(1, 'old1'), candidate(2, CALLER_UFRAG));
  const callId = await ring(alice, bob);
  trickle(alice, bob, candidate(3, 'old1'), candidate(4, CALLER_UFRAG), candidate(5));
  const expected = [candidate(2, CALLER_UFRAG), candidate(4, CALLER_UFRAG), candidate(5)];
  expect(await trickled(bob, alice)).toEqual(expected);
  await answer(bob, alice, callId);
  expect(await trickled(bob, alice)).toEqual(expected);
});

test('[ICE-10] [ICE-3] the callee’s own candidates wait for its answer all the same', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', MODERN), await join('bob', MODERN)];
  const callId = await ring(alice, bob);
  expect(await bob.ask('ice_candidates', { callId, candidates: candidates(1, 2) })).toEqual({ ok: true });
  await alice.quiet('ice_candidate', 'ice_candidates');
  await answer(bob, alice, callId);
  expect(await talked(alice, bob)).toEqual([['ice_candidates', candidates(1, 2)]]);
});

test('[ICE-10] [LOSS-8] a device that was lost while it rang is rung anew, and then has all from the first on', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob', { deviceId: 'phone', ...EARLY })];
  const callId = await ring(alice, bob);
  trickle(alice, bob, candidate(1), candidate(2));
  expect(await trickled(bob, alice)).toEqual(candidates(1, 2));
  await bob.drop();
  bob.forget();
  trickle(alice, bob, candidate(3));
  await alice.settle();
  await bob.comeBack();
  await bob.next('incoming_call');
  trickle(alice, bob, candidate(4));
  expect(await trickled(bob, alice)).toEqual(candidates(1, 4));
  expect(bob.order('incoming_call', 'ice_candidate')[0]).toBe('incoming_call');
  await answer(bob, alice, callId);
  expect(await trickled(bob, alice)).toEqual(candidates(1, 4));
});

test('[ICE-10] [RESUME-3] a device that resumes gets what it missed, each once', async () => {
  const { join } = await stage('websocket');
  const features = ['early_candidates', 'resume'];
  const [alice, bob] = [await join('alice'), await join('bob', { deviceId: 'phone', protocol: 2, features })];
  const callId = await ring(alice, bob);
  const { streamId } = Object(bob.log.find(({ event }) => event === 'incoming_call')?.payload);
  trickle(alice, bob, candidate(1));
  expect(await trickled(bob, alice)).toEqual([candidate(1)]);
  await bob.drop();
  trickle(alice, bob, candidate(2));
  await alice.settle();
  bob.user = { id: bob.id, username: 'bob', ...bob.user, resume: [{ callId, streamId, lastSeq: 2 }] };
  expect((await bob.comeBack()).resumed).toEqual([{ callId, recovered: true }]);
  trickle(alice, bob, candidate(3));
  expect(await trickled(bob, alice)).toEqual(candidates(1, 3));
  await bob.quiet('incoming_call');
  await answer(bob, alice, callId);
  trickle(alice, bob, candidate(4));
  expect(await trickled(bob, alice)).toEqual(candidates(1, 4));
});

test('[ICE-10] [JOIN-4] a device that is rung while it joins has them once', async () => {
  let decide: (allowed: boolean) => void = () => {};
  const decided = new Promise<boolean>((resolve) => {
    decide = resolve;
  });
  const authorizeCall = ({ to }: { to: { id: string } }) => (to.id === 'slow' ? decided : true);
  const { join, connect, login } = await stage('websocket', { authorizeCall });
  const alice = await join('alice');
  const user = await login('bob');
  const bob = await connect('bob');
  bob.send('call_user', callTo(bob, { id: 'slow' }));
  bob.user = { ...user, ...EARLY };
  bob.send('join', bob.user);
  await bob.next('join_success');
  trickle(alice, user, candidate(1));
  const callId = await ring(alice, bob);
  trickle(alice, user, candidate(2));
  await alice.settle();
  await bob.next('ice_candidate', ({ candidate: got }) => got?.candidate === candidate(2).candidate);
  decide(false);
  expect(await trickled(bob, alice)).toEqual(candidates(1, 2));
  await bob.quiet('incoming_call');
  await answer(bob, alice, callId);
  expect(await trickled(bob, alice)).toEqual(candidates(1, 2));
});

test('[ICE-10] [ICE-8] a caller who dials again has its candidates told to whoever is rung then', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob', EARLY)];
  await ring(alice, bob);
  trickle(alice, bob, candidate(1));
  expect(await trickled(bob, alice)).toEqual([candidate(1)]);
  bob.forget();
  const second = await ring(alice, bob);
  expect(await trickled(bob, alice)).toEqual([candidate(1)]);
  expect(bob.take('ice_candidate')[0]?.callId).toBe(second);
});
