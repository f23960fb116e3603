import type { Clock } from './clock.js';
import { perMinute, spend, waitMs } from './domain/token-bucket.js';

/** Lines of one network: 10 at once, and as many a minute. */
const RATE = perMinute(10, 10);

/** Over this the network that was not heard of for longest is forgotten: some 2 MB. */
const MAX_REMEMBERED = 10_000;

interface Spent {
  fullAt: number;
  /** Since its last line. */
  suppressed: number;
}

/**
 * How much of the log one network may fill.
 *
 * @see SPEC.md, rule AUTH-15
 */
export class LineQuota {
  readonly #clock: Clock;
  /** Whoever was heard of last comes last. */
  readonly #spent = new Map<string, Spent>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#spent.size;
  }

  /** @returns how many lines were left out before this one; `undefined` when this is left out, too */
  take(network: string): number | undefined {
    const now = this.#clock.now();
    const { fullAt, suppressed } = this.#spent.get(network) ?? { fullAt: 0, suppressed: 0 };
    const isLeftOut = waitMs(fullAt, RATE, now, 1) > 0;
    this.#spent.delete(network);
    this.#spent.set(
      network,
      isLeftOut ? { fullAt, suppressed: suppressed + 1 } : { fullAt: spend(fullAt, RATE, now, 1), suppressed: 0 },
    );
    const [oldest] = this.#spent.keys();
    if (this.#spent.size > MAX_REMEMBERED && oldest !== undefined) this.#spent.delete(oldest);
    return isLeftOut ? undefined : suppressed;
  }
}
