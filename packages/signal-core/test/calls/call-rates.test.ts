import { expect, test } from 'vitest';
import { applyCommand } from '../../src/calls/apply-command.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import { deviceKey } from '../../src/domain/ids.ts';
import { LIMIT_PROFILES } from '../../src/limits.ts';
import { alice, bob, carol, laptop, phone } from '../domain/cast.ts';
import { type Stage, stage } from './stage.ts';

const limits = LIMIT_PROFILES.standard;
const MINUTE_MS = 60_000;

/** Places calls of Alice one after the other, each in place of the one before. @returns what became of each */
async function place({ context, call }: Stage, count: number, first: number, to = bob.id) {
  const outcomes: string[] = [];
  let retryAfterMs = 0;
  for (let n = first; n < first + count; n += 1) {
    const outcome = await placeCall(context, call({ callId: `call ${n}`, to }));
    outcomes.push(outcome.ok ? 'ok' : outcome.code);
    if (!outcome.ok) retryAfterMs = outcome.retryAfterMs ?? 0;
  }
  return { outcomes, retryAfterMs };
}

test('[LIMIT-4] a user places 5 calls at once, then 10 a minute, and is told when the next one goes', async () => {
  const set = stage({ limits });
  await set.online(laptop, phone);
  const { outcomes, retryAfterMs } = await place(set, 6, 1);
  expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'rate_limited']);
  expect(retryAfterMs).toBe(MINUTE_MS / 10);
  await set.clock.advance(retryAfterMs - 1);
  expect((await place(set, 1, 7)).outcomes).toEqual(['rate_limited']);
  await set.clock.advance(1);
  expect((await place(set, 2, 8)).outcomes).toEqual(['ok', 'rate_limited']);
});

test('[LIMIT-4] [CALL-14] a repeated call costs nothing, and neither does one to oneself', async () => {
  const set = stage({ limits });
  await set.online(laptop, phone);
  for (let n = 0; n < 20; n += 1) expect(await placeCall(set.context, set.call())).toEqual({ ok: true });
  expect((await place(set, 20, 1, alice.id)).outcomes).toEqual(Array(20).fill('forbidden'));
  expect((await place(set, 5, 100)).outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'rate_limited']);
});

test('[LIMIT-4] [CALL-8] a call that is too much still ends the one that it would have replaced', async () => {
  const set = stage({ limits });
  await set.online(laptop, phone);
  await place(set, 5, 1);
  set.heard();
  await place(set, 1, 6);
  expect(set.heard()).toEqual(['phone: ended, replaced by alice', 'call 5 over']);
});

test('[LIMIT-4] [CALL-14] the host is not asked about a call that is too much', async () => {
  let asked = 0;
  const authorizeCall = () => {
    asked += 1;
    return true;
  };
  const set = stage({ limits, hooks: { authorizeCall } });
  await set.online(laptop, phone);
  await place(set, 20, 1);
  expect(asked).toBe(5);
});

test('[LIMIT-5] one user is called 30 times a minute, by all together', async () => {
  const set = stage({ limits });
  await set.online(phone);
  const outcomes: string[] = [];
  for (let n = 0; n < 31; n += 1) {
    const from = { id: `caller ${n}`, username: 'Caller' };
    const device = deviceKey(from.id, 'tab');
    await set.online(device);
    const outcome = await placeCall(set.context, set.call({ callId: `call ${n}`, device, from }));
    outcomes.push(outcome.ok ? 'ok' : outcome.code);
    expect(outcome.ok || outcome.retryAfterMs).toBe(n < 30 ? true : MINUTE_MS / 30);
    await endOf(set, `call ${n}`);
  }
  expect(outcomes).toEqual([...Array(30).fill('ok'), 'rate_limited']);
  const toCarol = set.call({ callId: 'to carol', to: carol.id });
  expect(await placeCall(set.context, toCarol)).toEqual({ ok: false, code: 'user_offline' });
  await set.clock.advance(MINUTE_MS / 30);
  expect(await placeCall(set.context, set.call({ callId: 'later' }))).toEqual({ ok: true });
});

test('[LIMIT-5] [CALL-14] whom the host forbids to call makes nobody else wait', async () => {
  const set = stage({
    limits: { ...limits, callsPerMinute: 1_000, callBurst: 1_000 },
    hooks: { authorizeCall: ({ from }) => from.id !== alice.id },
  });
  await set.online(laptop, phone);
  expect((await place(set, 40, 1)).outcomes).toEqual(Array(40).fill('forbidden'));
  const device = deviceKey(carol.id, 'tab');
  await set.online(device);
  expect(await placeCall(set.context, set.call({ callId: 'of carol', device, from: carol }))).toEqual({ ok: true });
});

test('[LIMIT-5] [SEE-2] who may not see the callee costs them nothing, and hears of nobody, however often', async () => {
  const blocked = 'alice';
  const set = stage({
    limits: { ...limits, callsPerMinute: 1_000, callBurst: 1_000 },
    hooks: { canSee: (viewer) => viewer.id !== blocked },
  });
  await set.online(laptop, phone);
  expect((await place(set, 40, 1)).outcomes).toEqual(Array(40).fill('user_offline'));
  const device = deviceKey(carol.id, 'tab');
  expect(await placeCall(set.context, set.call({ callId: 'of carol', device }))).toEqual({ ok: true });
});

test.each(['relaxed', 'off'] as const)('[LIMIT-4] [LIMIT-5] %s: 100 calls of one user to another', async (profile) => {
  const set = stage({ limits: LIMIT_PROFILES[profile] });
  await set.online(laptop, phone);
  expect((await place(set, 100, 1)).outcomes).toEqual(Array(100).fill('ok'));
});

async function endOf({ context, clock }: Stage, callId: string) {
  await applyCommand(context, callId, { type: 'remove', reason: 'removed', at: clock.now() });
}
