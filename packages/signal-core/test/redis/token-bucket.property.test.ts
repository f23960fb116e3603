import fc from 'fast-check';
import { expect, test } from 'vitest';
import { perMinute, spend, waitMs } from '../../src/domain/token-bucket.ts';
import { RedisKeys } from '../../src/stores/redis/keys.ts';
import { RedisLink } from '../../src/stores/redis/redis-link.ts';
import { RedisRateLimitStore } from '../../src/stores/redis/redis-rate-limit-store.ts';
import { scaled } from '../domain/scale.ts';
import { describeOnRedis, sharedRedis } from './redis-process.ts';

const START = Date.UTC(2030, 0, 1);
const rates = fc.record({
  perMinute: fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0.01, max: 2_000, noNaN: true })),
  burst: fc.integer({ min: 1, max: 100 }),
});
/** How long after the one before; clocks of nodes differ, so time goes back, too. */
const attempts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: -500, max: 20_000 })), { maxLength: 60 });

describeOnRedis('on Redis', () => {
  const redis = sharedRedis();

  test('[LIMIT-4] a bucket in Redis is the bucket of the domain, to the millisecond', async () => {
    const rateLimits = new RedisRateLimitStore(new RedisLink(await redis().connect()), new RedisKeys('test'));
    let runs = 0;
    const property = fc.asyncProperty(rates, attempts, async (rate, gaps) => {
      runs += 1;
      const key = `run ${runs}`;
      const filling = perMinute(rate.perMinute, rate.burst);
      let [fullAt, now] = [0, START];
      const expected: number[] = [];
      const asked = gaps.map((gap) => {
        now += gap;
        const wait = waitMs(fullAt, filling, now, 1);
        if (wait === 0) fullAt = spend(fullAt, filling, now, 1);
        expected.push(wait);
        return rateLimits.take(key, rate, now);
      });
      expect(await Promise.all(asked)).toEqual(expected);
    });
    await fc.assert(property, { numRuns: scaled(300) });
  });
});
