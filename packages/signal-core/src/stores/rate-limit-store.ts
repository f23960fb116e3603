/** So many by minute, after so many at once. `Infinity` is no limit. */
export interface MinuteRate {
  perMinute: number;
  burst: number;
}

/** Who did how much lately, by any key: one token bucket each. */
export interface RateLimitStore {
  /**
   * Takes a token out of the bucket of the key; one that is not known is full. Of several that take at once no two get
   * the same token.
   *
   * @param now - epoch milliseconds
   * @returns whole milliseconds to wait, after which a token is there unless somebody else takes it; 0 when it was taken
   */
  take(key: string, rate: MinuteRate, now: number): Promise<number>;
}

/**
 * Takes a token, without asking the store where there is no limit.
 *
 * @returns as {@link RateLimitStore.take}
 */
export async function takeToken(rates: RateLimitStore, key: string, rate: MinuteRate, now: number): Promise<number> {
  return rate.perMinute === Number.POSITIVE_INFINITY ? 0 : rates.take(key, rate, now);
}
