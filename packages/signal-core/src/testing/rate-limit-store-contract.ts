import assert from 'node:assert/strict';
import type { MinuteRate, RateLimitStore } from '../stores/rate-limit-store.js';
import type { Contract } from './contract-case.js';

/** Five at once, then one every 6 s. */
const RATE: MinuteRate = { perMinute: 10, burst: 5 };
const EVERY_MS = 6_000;
const NOW = Date.UTC(2030, 0, 1);

/** What so many attempts, made one after the other at one moment, have to wait. */
async function waits(rates: RateLimitStore, attempts: number, now: number, key = 'key'): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < attempts; n += 1) all.push(await rates.take(key, RATE, now));
  return all;
}

/**
 * All that a {@link RateLimitStore} must do.
 *
 * @see SPEC.md, rules LIMIT-4 to LIMIT-6
 */
export const rateLimitStoreContract: Contract<RateLimitStore> = [
  {
    name: '[LIMIT-4] a burst is taken at once, and what is more has to wait for one token',
    async run(createStore) {
      assert.deepEqual(await waits(await createStore(), 7, NOW), [0, 0, 0, 0, 0, EVERY_MS, EVERY_MS]);
    },
  },
  {
    name: '[LIMIT-4] after the time that it named a token is there, and no millisecond before; one only',
    async run(createStore) {
      const rates = await createStore();
      await waits(rates, 5, NOW);
      assert.deepEqual(await waits(rates, 1, NOW + EVERY_MS - 1), [1]);
      assert.deepEqual(await waits(rates, 2, NOW + EVERY_MS), [0, EVERY_MS]);
    },
  },
  {
    name: '[LIMIT-4] a bucket that was left alone fills up, and no further than the burst',
    async run(createStore) {
      const rates = await createStore();
      await waits(rates, 5, NOW);
      assert.deepEqual(await waits(rates, 3, NOW + 2 * EVERY_MS), [0, 0, EVERY_MS]);
      assert.deepEqual(await waits(rates, 6, NOW + 3_600_000), [0, 0, 0, 0, 0, EVERY_MS]);
    },
  },
  {
    name: '[LIMIT-4] what has to wait takes nothing',
    async run(createStore) {
      const rates = await createStore();
      await waits(rates, 100, NOW);
      assert.deepEqual(await waits(rates, 1, NOW + EVERY_MS), [0]);
    },
  },
  {
    name: '[LIMIT-4] of many that take at once no two get the same token',
    async run(createStore) {
      const rates = await createStore();
      const taken = await Promise.all(Array.from({ length: 50 }, () => rates.take('key', RATE, NOW)));
      assert.equal(taken.filter((wait) => wait === 0).length, 5);
    },
  },
  {
    name: '[LIMIT-4] every key has a bucket of its own, whatever is in the key',
    async run(createStore) {
      const rates = await createStore();
      await waits(rates, 5, NOW);
      for (const key of ['other', '', 'key ', 'KEY', '{key}', 'a:b', 'ключ', '__proto__']) {
        assert.deepEqual(await waits(rates, 1, NOW, key), [0], key);
      }
    },
  },
  {
    name: '[LIMIT-4] without a limit nothing waits',
    async run(createStore) {
      const rates = await createStore();
      const none = Number.POSITIVE_INFINITY;
      for (const rate of [
        { perMinute: none, burst: none },
        { perMinute: none, burst: 1 },
        { perMinute: 1, burst: none },
      ]) {
        for (let n = 0; n < 10; n += 1) assert.equal(await rates.take(JSON.stringify(rate), rate, NOW), 0);
      }
    },
  },
];
