import fc from 'fast-check';
import { expect, test } from 'vitest';
import { perMinute, perSecond, type Rate, spend, waitMs } from '../../src/domain/token-bucket.ts';
import { scaled } from './scale.ts';

const rates = fc
  .record({
    tokens: fc.integer({ min: 1, max: 2_000 }),
    burst: fc.integer({ min: 1, max: 2_000 }),
    bySecond: fc.boolean(),
  })
  .map(({ tokens, burst, bySecond }) => (bySecond ? perSecond : perMinute)(tokens, burst));
const START = Date.UTC(2030, 0, 1);

/** Attempts one after the other: how long after the one before, and what they cost. */
const attempts = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 5_000 }), cost: fc.integer({ min: 1, max: 64 }) }),
  {
    maxLength: 200,
  },
);

test('[LIMIT-2] in any stretch of time no more passes than the burst and what was filled in since', () => {
  fc.assert(
    fc.property(rates, attempts, (rate, list) => {
      let [fullAt, now] = [0, START];
      const passed: { at: number; cost: number }[] = [];
      for (const { after, cost: wanted } of list) {
        now += after;
        const cost = Math.min(wanted, rate.burst);
        if (waitMs(fullAt, rate, now, cost) > 0) continue;
        fullAt = spend(fullAt, rate, now, cost);
        passed.push({ at: now, cost });
      }
      for (let from = 0; from < passed.length; from += 1) {
        let sum = 0;
        for (const { at, cost } of passed.slice(from)) {
          sum += cost;
          expect(sum).toBeLessThanOrEqual(rate.burst + (at - (passed[from]?.at ?? 0)) / rate.everyMs + 1e-6);
        }
      }
    }),
    { numRuns: scaled(300) },
  );
});

test('[LIMIT-2] after the time that is named the same passes, and a millisecond before it does not', () => {
  fc.assert(
    fc.property(rates, attempts, (rate, list) => {
      let [fullAt, now] = [0, START];
      for (const { after, cost } of list) {
        now += after;
        const wait = waitMs(fullAt, rate, now, cost);
        if (wait > 0) {
          expect(waitMs(fullAt, rate, now + wait, cost)).toBe(0);
          expect(waitMs(fullAt, rate, now + wait - 1, cost)).toBeGreaterThan(0);
        } else fullAt = spend(fullAt, rate, now, cost);
      }
    }),
    { numRuns: scaled(300) },
  );
});

const none = Number.POSITIVE_INFINITY;
test.each<[string, Rate]>([
  ['in number and burst', perSecond(none, none)],
  ['in number', perSecond(none, 1)],
  ['in burst', perSecond(1, none)],
])('[LIMIT-1] without a limit %s nothing waits', (_, rate) => {
  let fullAt = 0;
  for (let n = 0; n < 1_000; n += 1) {
    expect(waitMs(fullAt, rate, START, 64)).toBe(0);
    fullAt = spend(fullAt, rate, START, 64);
  }
});

test('[LIMIT-2] what costs more than a bucket holds passes when it is full, and no sooner', () => {
  const rate = perSecond(10, 5);
  const fullAt = spend(0, rate, START, 1);
  expect(waitMs(fullAt, rate, START, 64)).toBe(100);
  expect(waitMs(fullAt, rate, START + 100, 64)).toBe(0);
});
