import { perMinute, spend, waitMs } from '../../domain/token-bucket.js';
import type { MinuteRate, RateLimitStore } from '../rate-limit-store.js';

/** Buckets that are full are the same as none: how often they are looked for, in milliseconds. */
const SWEEP_MS = 60_000;

/** Over this the bucket that was used longest ago goes. */
const MAX_BUCKETS = 100_000;

/** Token buckets in the memory of one process. */
export class MemoryRateLimitStore implements RateLimitStore {
  /** By key, when it is full; whichever was used last comes last. */
  readonly #fullAt = new Map<string, number>();
  #sweepAt = 0;

  /** How many buckets are kept. */
  get size(): number {
    return this.#fullAt.size;
  }

  async take(key: string, { perMinute: tokens, burst }: MinuteRate, now: number): Promise<number> {
    if (now >= this.#sweepAt) this.#sweep(now);
    const rate = perMinute(tokens, burst);
    const fullAt = this.#fullAt.get(key) ?? 0;
    const wait = waitMs(fullAt, rate, now, 1);
    if (wait > 0) return wait;
    this.#fullAt.delete(key);
    this.#fullAt.set(key, spend(fullAt, rate, now, 1));
    for (const oldest of this.#fullAt.keys()) {
      if (this.#fullAt.size <= MAX_BUCKETS) break;
      this.#fullAt.delete(oldest);
    }
    return 0;
  }

  #sweep(now: number): void {
    this.#sweepAt = now + SWEEP_MS;
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key);
  }
}
