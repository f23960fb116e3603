import { expect, test } from 'vitest';
import { Allowance, socketLimits } from '../../src/gateway/bounds/allowance.ts';
import { LIMIT_PROFILES, type LimitProfile, type Limits } from '../../src/limits.ts';

const NOW = Date.UTC(2030, 0, 1);

const allowance = (profile: LimitProfile, own: Partial<Limits> = {}) =>
  new Allowance(socketLimits({ ...LIMIT_PROFILES[profile], ...own }));
const batch = (length: number) => ({ candidates: Array(length).fill(null) });

/** How many pass at one moment, of 10,000 that try. */
function passing(left: Allowance, event: string, raw: unknown, now = NOW): number {
  let count = 0;
  while (count < 10_000 && left.take(event, raw, now) === 0) count += 1;
  return count;
}

test.each([
  ['standard', 60, 30],
  ['relaxed', 2_000, 500],
] as const)('[LIMIT-2] %s: %i events at once, then %i a second', (profile, burst, rate) => {
  const left = allowance(profile);
  expect(passing(left, 'call_info', {})).toBe(burst);
  expect(passing(left, 'call_info', {}, NOW + 1_000)).toBe(rate);
  expect(passing(left, 'call_info', {}, NOW + 3_600_000)).toBe(burst);
});

test.each([
  ['standard', 200, 50],
  ['relaxed', 2_000, 500],
] as const)(
  '[LIMIT-2] %s: %i candidates at once, then %i a second, apart from other events',
  (profile, burst, rate) => {
    const left = allowance(profile);
    expect(passing(left, 'ice_candidate', {})).toBe(burst);
    expect(passing(left, 'ice_candidate', {}, NOW + 1_000)).toBe(rate);
    expect(left.take('call_info', {}, NOW + 1_000)).toBe(0);
  },
);

test('[LIMIT-2] [LIMIT-3] off: whatever comes passes, and nobody is kicked', () => {
  const left = allowance('off');
  expect(passing(left, 'call_info', {})).toBe(10_000);
  expect(passing(left, 'ice_candidates', batch(64))).toBe(10_000);
  for (let n = 0; n < 10_000; n += 1) {
    left.chargeInvalid('call_info', {}, NOW);
    expect(left.isExhaustedBy('invalid_payload', NOW)).toBe(false);
  }
  expect(left.take('call_info', {}, NOW)).toBe(0);
});

test('[LIMIT-2] each candidate of a batch counts, and a batch passes whole or not at all', () => {
  const left = allowance('standard');
  expect(passing(left, 'ice_candidates', batch(64))).toBe(3);
  expect(left.take('ice_candidates', batch(9), NOW)).toBe(1_000 / 50);
  expect(left.take('ice_candidates', batch(8), NOW)).toBe(0);
});

test.each<[string, unknown]>([
  ['of nothing', batch(0)],
  ['that is none', { candidates: 'candidate' }],
  ['without candidates', {}],
  ['without a payload', undefined],
  ['that is null', null],
])('[LIMIT-2] a batch %s counts as one', (_, raw) => {
  expect(passing(allowance('standard'), 'ice_candidates', raw)).toBe(200);
});

test('[LIMIT-2] a batch that is longer than one may be costs no more than the longest', () => {
  expect(passing(allowance('standard'), 'ice_candidates', batch(20_000))).toBe(3);
});

test('[LIMIT-2] what is invalid costs four times as much', () => {
  const invalid = (event: string, raw: unknown) => {
    const left = allowance('standard');
    let count = 0;
    for (; left.take(event, raw, NOW) === 0; count += 1) left.chargeInvalid(event, raw, NOW);
    return count;
  };
  expect(invalid('call_info', {})).toBe(60 / 4);
  expect(invalid('no event', {})).toBe(60 / 4);
  expect(invalid('ice_candidate', {})).toBe(200 / 4);
  expect(invalid('ice_candidates', batch(10))).toBe(200 / 40);
});

test('[LIMIT-2] a list costs ten times as much, but for the first', () => {
  const left = allowance('standard');
  let count = 0;
  for (; left.take('presence_sync', {}, NOW) === 0; count += 1) left.chargeList(NOW);
  expect(count).toBe(1 + Math.ceil(59 / 10));
});

test('[LIMIT-2] after the time that is named the same passes', () => {
  const left = allowance('standard');
  passing(left, 'call_info', {});
  left.chargeInvalid('call_info', {}, NOW);
  const wait = left.take('call_info', {}, NOW);
  expect(wait).toBe(Math.ceil(4_000 / 30));
  expect(left.take('call_info', {}, NOW + wait - 1)).toBe(1);
  expect(left.take('call_info', {}, NOW + wait)).toBe(0);
});

test.each(['standard', 'relaxed'] as const)('[LIMIT-3] %s: the 100th refusal in 10 s is one too many', (profile) => {
  const left = allowance(profile);
  const sizes = ['rate_limited', 'invalid_payload', 'payload_too_large'] as const;
  const codes = [...sizes, 'unauthorized', 'token_expired', 'identity_mismatch'] as const;
  for (let n = 0; n < 99; n += 1)
    expect(left.isExhaustedBy(codes[n % codes.length] ?? 'rate_limited', NOW + n * 100)).toBe(false);
  expect(left.isExhaustedBy('rate_limited', NOW + 9_999)).toBe(true);
});

test('[LIMIT-3] refusals are forgotten after 10 s, and others do not count', () => {
  const left = allowance('standard');
  for (let n = 0; n < 99; n += 1) left.isExhaustedBy('rate_limited', NOW);
  for (let n = 0; n < 200; n += 1) expect(left.isExhaustedBy('call_not_found', NOW)).toBe(false);
  expect(left.isExhaustedBy('rate_limited', NOW + 10_000)).toBe(false);
});
