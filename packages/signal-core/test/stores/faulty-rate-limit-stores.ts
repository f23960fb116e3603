import { MemoryRateLimitStore } from '../../src/stores/memory/memory-rate-limit-store.ts';
import type { RateLimitStore } from '../../src/stores/rate-limit-store.ts';

/** So many in each minute of the clock. */
export const countingByMinute = (): RateLimitStore => {
  const counts = new Map<string, number>();
  return {
    async take(key, { burst }, now) {
      const minute = `${key} ${Math.floor(now / 60_000)}`;
      const count = counts.get(minute) ?? 0;
      counts.set(minute, count + 1);
      return count < burst ? 0 : 60_000 - (now % 60_000);
    },
  };
};

/** Reads, waits, then writes. */
export const readingFirst = (): RateLimitStore => {
  const taken = new Map<string, number>();
  const real = new MemoryRateLimitStore();
  return {
    async take(key, rate, now) {
      const before = taken.get(key) ?? 0;
      await Promise.resolve();
      taken.set(key, before + 1);
      const wait = await real.take(`${key} ${before}`, rate, now);
      return before < rate.burst ? 0 : Math.max(wait, 1);
    },
  };
};

/** Whoever is refused pays, too. */
export const chargingTheRefused = (): RateLimitStore => {
  const real = new MemoryRateLimitStore();
  const refused = new Map<string, number>();
  return {
    async take(key, rate, now) {
      const wait = await real.take(key, rate, now);
      if (wait > 0) refused.set(key, (refused.get(key) ?? 0) + 1);
      return wait === 0 && (refused.get(key) ?? 0) > 10 ? 1 : wait;
    },
  };
};

/** One bucket for all. */
export const mixingKeys = (): RateLimitStore => {
  const real = new MemoryRateLimitStore();
  return { take: (_key, rate, now) => real.take('everybody', rate, now) };
};
