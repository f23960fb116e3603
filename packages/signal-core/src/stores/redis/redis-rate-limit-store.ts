import { perMinute } from '../../domain/token-bucket.js';
import type { MinuteRate, RateLimitStore } from '../rate-limit-store.js';
import { EXPIRY_MARGIN_MS, type RedisKeys } from './keys.js';
import { TAKE_TOKEN } from './lua/take-token.js';
import type { RedisLink } from './redis-link.js';

/** Token buckets in Redis, a key each. */
export class RedisRateLimitStore implements RateLimitStore {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  async take(key: string, { perMinute: tokens, burst }: MinuteRate, now: number): Promise<number> {
    if (!Number.isFinite(tokens) || !Number.isFinite(burst)) return 0;
    const { everyMs } = perMinute(tokens, burst);
    return Number(await this.#link.run(TAKE_TOKEN, [this.#keys.rate(key)], [now, everyMs, burst, EXPIRY_MARGIN_MS]));
  }
}
