/** How fast a bucket fills. `Infinity` in either is no limit. */
export interface Rate {
  /** Milliseconds until one more token is in it. */
  readonly everyMs: number;
  /** How many it holds. */
  readonly burst: number;
}

export function perSecond(tokens: number, burst: number): Rate {
  return { everyMs: 1_000 / tokens, burst };
}

export function perMinute(tokens: number, burst: number): Rate {
  return { everyMs: 60_000 / tokens, burst };
}

/**
 * A bucket is one number: the moment, in epoch milliseconds, at which it is full again. One that was never used has been
 * full since 0. So it costs nothing to keep, and whoever finds that moment past may forget it.
 *
 * @param cost - tokens; what costs more than the bucket ever holds takes all of it
 * @returns whole milliseconds until so many tokens are in it: 0 when they are, and then no less than 0 afterwards
 */
export function waitMs(fullAt: number, { everyMs, burst }: Rate, now: number, cost: number): number {
  const missing = Math.max(fullAt - now, 0) + (Math.min(cost, burst) - burst) * everyMs;
  // what is less than a nanosecond is an error of rounding; without a limit this is not a number
  const wait = Math.ceil(missing - 1e-6);
  return wait > 0 ? wait : 0;
}

/**
 * The bucket without the tokens, whether or not it has them: what it owes fills up first.
 *
 * @returns the new moment at which it is full
 */
export function spend(fullAt: number, { everyMs }: Rate, now: number, cost: number): number {
  return Math.max(fullAt, now) + cost * everyMs;
}
