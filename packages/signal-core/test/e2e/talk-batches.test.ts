import { LIMITS } from 'signal-core/protocol';
import { describe, expect, test } from 'vitest';
import { answer, ring, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { CALLEE_UFRAG, CALLER_UFRAG, candidate, candidates } from './session-descriptions.ts';
import { stage } from './stage.ts';
import { BATCHING, talked, trickled } from './talk-steps.ts';

const BATCH = LIMITS.candidatesPerBatch;

describe.each(TRANSPORTS)('batches of candidates over %s', (transport) => {
  test('[ICE-9] reach a device that takes batches whole, and nobody else', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
    const callId = await talk(alice, bob);
    const others = [await join('alice', BATCHING), await join('bob', BATCHING), await join('carol', BATCHING)];
    const list = [...candidates(1, 3), null];
    expect(await alice.ask('ice_candidates', { callId, candidates: list })).toEqual({ ok: true });
    expect(await bob.next('ice_candidates')).toEqual({ callId, from: alice.id, candidates: list });
    expect(await bob.ask('ice_candidates', { callId, candidates: list })).toEqual({ ok: true });
    expect(await alice.next('ice_candidates')).toEqual({ callId, from: bob.id, candidates: list });
    for (const client of [alice, bob, ...others]) await client.quiet('ice_candidates', 'ice_candidate');
  });

  test('[ICE-9] [ICE-6] reach a legacy device one by one, in order, without the end of candidates', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice', BATCHING), await join('bob')];
    const callId = await ring(alice, bob);
    await alice.ask('ice_candidates', { callId, candidates: [...candidates(1, 3), null] });
    await bob.quiet('ice_candidate', 'ice_candidates');
    await answer(bob, alice, callId);
    alice.send('ice_candidates', { callId, candidates: [candidate(4), null, candidate(5)] });
    expect(await talked(bob, alice)).toEqual(candidates(1, 5).map((one) => ['ice_candidate', one]));
    expect(bob.take('ice_candidate')[4]).toEqual({ callId, from: alice.id, candidate: candidate(5) });
  });

  test('[ICE-9] [ICE-3] what a legacy device sent before its answer comes in one batch, later ones singly', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice', BATCHING), await join('bob')];
    const callId = await ring(alice, bob);
    for (const one of candidates(1, 3)) bob.send('ice_candidate', { to: alice.id, candidate: one });
    await answer(bob, alice, callId);
    bob.send('ice_candidate', { to: alice.id, candidate: candidate(4) });
    expect(await talked(alice, bob)).toEqual([
      ['ice_candidates', candidates(1, 3)],
      ['ice_candidate', candidate(4)],
    ]);
    expect(alice.order('call_accepted', 'ice_candidates')).toEqual(['call_accepted', 'ice_candidates']);
  });
});

test('[ICE-9] a device that speaks protocol 2, but takes no batches, gets all of one', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', BATCHING), await join('bob', { protocol: 2 })];
  const callId = await talk(alice, bob);
  alice.send('ice_candidates', { callId, candidates: [candidate(1), null] });
  expect(await talked(bob, alice)).toEqual([
    ['ice_candidate', candidate(1)],
    ['ice_candidate', null],
  ]);
});

test('[ICE-9] [ICE-4] [ICE-5] what was held goes out in batches of 64 at most, without what is stale', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
  for (const one of [candidate(0, 'old'), ...candidates(1, 10)]) {
    alice.send('ice_candidate', { to: bob.id, candidate: one });
  }
  const callId = await ring(alice, bob);
  for (const start of [11, 61]) {
    const batch = [...candidates(start, start + 49), candidate(0, 'old')];
    expect(await alice.ask('ice_candidates', { callId, candidates: batch })).toEqual({ ok: true });
  }
  alice.send('ice_candidate', { to: bob.id, candidate: candidate(111, CALLER_UFRAG) });
  bob.send('ice_candidates', { callId, candidates: [candidate(1, CALLEE_UFRAG), candidate(2, CALLER_UFRAG)] });
  await alice.settle();
  await answer(bob, alice, callId);
  expect(await talked(bob, alice)).toEqual([
    ['ice_candidates', candidates(1, BATCH)],
    ['ice_candidates', [...candidates(BATCH + 1, 110), candidate(111, CALLER_UFRAG)]],
  ]);
  expect(await talked(alice, bob)).toEqual([['ice_candidate', candidate(1, CALLEE_UFRAG)]]);
});

test('[ICE-9] holds 1 to 64 candidates, each of them right, or nothing of it is relayed', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
  const callId = await talk(alice, bob);
  const wrong: unknown[] = [
    [],
    candidates(1, BATCH + 1),
    [candidate(1), { candidate: 'no candidate' }],
    [candidate(1), 'candidate:1'],
    [candidate(1), [candidate(2)]],
    [{ ...candidate(1), sdpMLineIndex: -1 }],
    { 0: candidate(1), length: 1 },
    candidate(1),
    null,
    undefined,
  ];
  for (const list of wrong) {
    const code = await alice.refusal('ice_candidates', { callId, candidates: list });
    expect(code, JSON.stringify(list)).toBe('invalid_payload');
  }
  expect(await talked(bob, alice)).toEqual([]);
  expect(await alice.ask('ice_candidates', { callId, candidates: candidates(1, BATCH) })).toEqual({ ok: true });
  expect(await talked(bob, alice)).toEqual([['ice_candidates', candidates(1, BATCH)]]);
});

test('[ICE-9] [ERR-7] unknown keys are stripped at every level', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
  const callId = await talk(alice, bob);
  const extra = { from: 'somebody', admin: true };
  alice.send('ice_candidates', { ...extra, callId, candidates: [{ ...candidate(1), ...extra }, candidate(2)] });
  expect(await bob.next('ice_candidates')).toEqual({ callId, from: alice.id, candidates: candidates(1, 2) });
});

test('[ICE-7] [ICE-9] 200 are held by call and device; a batch that goes over it is refused whole', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', BATCHING), await join('bob')];
  const callId = await ring(alice, bob);
  for (const start of [1, 51, 101, 151]) {
    const end = Math.min(start + 49, 199);
    expect(await alice.ask('ice_candidates', { callId, candidates: candidates(start, end) })).toEqual({ ok: true });
  }
  expect(await alice.refusal('ice_candidates', { callId, candidates: candidates(200, 201) })).toBe('rate_limited');
  expect(await alice.ask('ice_candidates', { callId, candidates: [candidate(200)] })).toEqual({ ok: true });
  await answer(bob, alice, callId);
  expect(await trickled(bob, alice)).toEqual(candidates(1, 200));
});

test.each([
  ['standard', 200],
  ['relaxed', 10_000],
  ['off', 10_000],
] as const)(
  '[ICE-11] %s: one side may send %i by generation, which its own offer or answer begins',
  async (profile, max) => {
    // as many at once as there may be at all
    const { join } = await stage('websocket', { limits: { profile, candidateBurst: Number.POSITIVE_INFINITY } });
    const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
    const callId = await talk(alice, bob);
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent += BATCH) {
        const batch = candidates(sent + 1, Math.min(sent + BATCH, count));
        if (!(await alice.ask('ice_candidates', { callId, candidates: batch })).ok) return sent;
      }
      return count;
    };
    const isFull = async () => {
      const one = { callId, to: bob.id, candidate: candidate(0), candidates: [candidate(0)] };
      expect(await alice.refusal('ice_candidate', one)).toBe('rate_limited');
      expect(await alice.refusal('ice_candidates', one)).toBe('rate_limited');
    };
    expect(await send(max)).toBe(max);
    await isFull();
    expect(await bob.ask('session_description', { callId, description: { type: 'offer', sdp: 'v=0\r\n' } })).toEqual({
      ok: true,
    });
    await isFull();
    expect(await bob.ask('ice_candidates', { callId, candidates: [candidate(1)] })).toEqual({ ok: true });
    alice.send('session_description', { callId, description: { type: 'answer', sdp: 'v=0\r\n' } });
    expect(await send(max)).toBe(max);
    await isFull();
  },
);
