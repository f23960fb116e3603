import { LIMIT_PROFILES, type LimitProfile } from 'signal-core';
import { FakeClock } from 'signal-core/testing';
import { describe, expect, test } from 'vitest';
import { callTo, ring, talk } from './call-steps.ts';
import { expectServing, joinedRaw } from './hostile-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { expectNoProcessFaults } from './process-faults.ts';
import { rawConnection } from './raw-connection.ts';
import { candidate, candidates } from './session-descriptions.ts';
import { stage } from './stage.ts';

expectNoProcessFaults();

/** A server whose time stands still. */
async function still(transport: 'polling' | 'websocket', limits: LimitProfile = 'standard', options = {}) {
  const clock = new FakeClock();
  return { clock, ...(await stage(transport, { limits, clock, ...options })) };
}

/** What became of so many of the same event, in order. */
async function answers(client: LegacyClient, count: number, event: string, payload: unknown) {
  const all = await Promise.all(Array.from({ length: count }, () => client.ask(event, payload)));
  return all.map((answer) => (answer.ok ? 'ok' : answer.error.code));
}

const times = (count: number, what: string) => Array(count).fill(what);

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('[LIMIT-2] a client sends 60 events at once, and the next after retryAfterMs', async () => {
    const { clock, join } = await still(transport);
    const alice = await join('alice');
    // one was the join
    expect(await answers(alice, 61, 'ping', null)).toEqual([...times(59, 'ok'), ...times(2, 'rate_limited')]);
    const refused = await alice.ask('ping', null);
    const { retryAfterMs = 0 } = refused.ok ? {} : refused.error;
    expect(retryAfterMs).toBe(Math.ceil(1_000 / 30));
    await clock.advance(retryAfterMs);
    expect(await answers(alice, 2, 'ping', null)).toEqual(['ok', 'rate_limited']);
    await clock.advance(1_000);
    expect(await answers(alice, 31, 'ping', null)).toEqual([...times(30, 'ok'), 'rate_limited']);
  });

  test('[LIMIT-2] [ICE-11] a client sends 200 candidates at once, singly or in batches, and nobody else pays', async () => {
    const { clock, join } = await still(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    for (let n = 0; n < 3; n += 1) {
      expect(await alice.ask('ice_candidates', { callId, candidates: candidates(1, 64) })).toEqual({ ok: true });
    }
    const single = { to: bob.id, candidate: candidate(1) };
    expect(await answers(alice, 9, 'ice_candidate', single)).toEqual([...times(8, 'ok'), 'rate_limited']);
    await alice.ask('call_info', { callId, data: 'events are counted apart' });
    await bob.next('call_info');
    await clock.advance(1_000);
    // in this generation there is no room for more, whatever the rate
    expect(await alice.ask('ice_candidate', single)).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
    expect(await answers(bob, 50, 'ice_candidate', { to: alice.id, candidate: candidate(1) })).toEqual(times(50, 'ok'));
  });

  test.each(['relaxed', 'off'] as const)('[LIMIT-2] %s: 1,500 events at once', async (profile) => {
    const { join } = await still(transport, profile);
    const alice = await join('alice');
    expect(await answers(alice, 1_500, 'ping', null)).toEqual(times(1_500, 'ok'));
  });

  test('[LIMIT-2] what is too much is refused before it is looked at, and a legacy caller stops dialling', async () => {
    const { join } = await still(transport);
    const alice = await join('alice');
    await answers(alice, 59, 'ping', null);
    expect(await alice.refusal('call_user', 'nonsense')).toBe('rate_limited');
    alice.send('call_user', callTo(alice, { id: 'bob' }));
    expect(await alice.next('signal_error')).toMatchObject({ event: 'call_user', code: 'rate_limited' });
    expect(await alice.next('call_rejected')).toMatchObject({ reason: 'rate_limited' });
  });

  test('[LIMIT-4] a legacy caller of a sixth call is told, and its fifth call is over', async () => {
    const { join } = await still(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    for (let n = 0; n < 5; n += 1) await ring(alice, bob);
    bob.forget();
    alice.send('call_user', callTo(alice, bob));
    expect(await alice.next('signal_error')).toMatchObject({ code: 'rate_limited', retryAfterMs: 6_000 });
    expect(await alice.next('call_rejected')).toMatchObject({ reason: 'rate_limited' });
    await bob.next('call_ended', ({ reason }) => reason === 'replaced');
    await bob.quiet('incoming_call');
  });

  test.each([
    ['that are none of ours', '42["nonsense",1]'],
    ['without a name', '42[null]'],
    ['that are invalid', '42["accept_call",{}]'],
    ['that are too large', `42["call_info","${'x'.repeat(70_000)}"]`],
    ['that are too many', '42["ping"]'],
  ])('[LIMIT-3] whoever sends events %s is kicked at the 100th refusal, and its device left', async (_, frame) => {
    const running = await still(transport, 'standard');
    const alice = await running.join('alice', { presence: 'delta' });
    const { raw, user } = await joinedRaw(running, transport, 'mallory');
    const refusals = () => raw.frames.filter((each) => each.startsWith('42["signal_error"')).length;
    const before = frame === '42["ping"]' ? 59 : 0;
    for (let n = 0; n < before + 99; n += 1) raw.send(frame);
    await expect.poll(refusals, { timeout: 4_000 }).toBe(99);
    expect(raw.isOpen()).toBe(true);
    for (const more of [...times(51, frame), '421["ping"]']) raw.send(more);
    await raw.closed;
    expect(refusals()).toBeLessThanOrEqual(100);
    expect(raw.frames.filter((each) => each.startsWith('431['))).toEqual([]);
    await expect.poll(async () => (await running.signaling.onlineUsers()).map(({ id }) => id)).not.toContain(user.id);
    expect((await running.signaling.stats()).connections).toBe(1);
    alice.close();
    await expectServing(running);
  });

  test('[LIMIT-3] so is whoever never joined', async () => {
    const { url, signaling } = await still(transport);
    const raw = await rawConnection(url, transport);
    for (let n = 0; n < 300; n += 1) raw.send('42["nonsense"]');
    await raw.closed;
    await expect.poll(async () => (await signaling.stats()).connections).toBe(0);
  });

  test('[LIMIT-3] off kicks nobody', async () => {
    const { url } = await still(transport, 'off');
    const raw = await rawConnection(url, transport);
    raw.send(...times(500, '42["nonsense"]'));
    await raw.settle();
    expect(raw.isOpen()).toBe(true);
  });

  test('[LIMIT-3] a hundred packets that are no events close the connection', async () => {
    const { url, signaling } = await still(transport);
    const raw = await rawConnection(url, transport);
    raw.send(...times(99, '43999["no question was asked"]'));
    await raw.settle();
    raw.send('43999["no question was asked"]', '43999["no question was asked"]');
    await raw.closed;
    expect((await signaling.stats()).connections).toBe(0);
  });

  test('[LIMIT-10] a connection has 10 s to join', async () => {
    const { clock, url } = await still(transport);
    const raw = await rawConnection(url, transport);
    await clock.advance(9_999);
    await raw.settle();
    await clock.advance(1);
    await raw.closed;
  });

  test('[LIMIT-10] a connection that has left its namespace is closed', async () => {
    const { url, signaling } = await still(transport);
    const raw = await rawConnection(url, transport);
    raw.send('41');
    await raw.closed;
    expect((await signaling.stats()).connections).toBe(0);
  });

  test('[LIMIT-10] a connection has 5 s to connect', async () => {
    const { clock, url } = await still(transport);
    const raw = await rawConnection(url, transport, { handshake: false });
    await clock.advance(5_000);
    await raw.closed;
  });

  test('[LIMIT-10] who connected in time stays', async () => {
    const { clock, url } = await still(transport);
    const raw = await rawConnection(url, transport, { handshake: false });
    await clock.advance(4_999);
    raw.send('40');
    await raw.next('40{');
    await clock.advance(5_000);
    await raw.settle();
  });
});

test('[LIMIT-8] a join beyond 10 connections of the user is refused, and the others stay', async () => {
  const { connect } = await still('websocket');
  const user = { id: 'alice', username: 'alice' };
  const tabs: LegacyClient[] = [];
  for (let n = 0; n < 10; n += 1) {
    const tab = await connect('alice');
    await tab.join({ ...user, deviceId: `tab-${n}` });
    tabs.push(tab);
  }
  const late = await connect('alice');
  const answer = await late.ask('join', { ...user, deviceId: 'tab-10' });
  expect(answer).toMatchObject({ ok: false, error: { code: 'rate_limited', retryAfterMs: 5_000 } });
  expect((await late.ask('join', { ...user, deviceId: 'tab-3' })).ok).toBe(true);
  await tabs[3]?.next('session_replaced');
  for (const tab of tabs.filter((_, n) => n !== 3)) await tab.settle();
});

test('[LIMIT-1] the figures of these tests are those of standard', () => {
  const { eventBurst, candidateBurst, refusalsPer10Seconds, connectionsPerUser } = LIMIT_PROFILES.standard;
  expect([eventBurst, candidateBurst, refusalsPer10Seconds, connectionsPerUser]).toEqual([60, 200, 100, 10]);
});
