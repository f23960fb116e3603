import type { Clock } from '../clock.js';

/** As SPEC.md, rule LIMIT-6, says; all in milliseconds. */
const FORGOTTEN_AFTER_MS = 30 * 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** Over this whoever failed longest ago is forgotten: some 2 MB. */
const MAX_REMEMBERED = 10_000;

/** A try to log in. */
export interface Attempt {
  /** Milliseconds to wait; 0 when it may be made, and counts as failed until it succeeds. */
  waitMs: number;
  /** Nobody could tell whether it was right. */
  takeBack(): void;
}

interface Failures {
  count: number;
  /** Epoch milliseconds of the last try. */
  lastAt: number;
  /** When the next try may be made. */
  waitUntil: number;
}

/**
 * Makes guessing slow: after so many failures each next try must wait longer. A try counts from its beginning, so that
 * many at once gain nothing.
 *
 * @see SPEC.md, rule LIMIT-6
 */
export class FailedLogins {
  readonly #clock: Clock;
  readonly #free: number;
  /** Whoever tried last comes last. */
  readonly #failures = new Map<string, Failures>();

  /** @param free - how many may fail before the next must wait; `Infinity` makes nobody wait */
  constructor(clock: Clock, free: number) {
    this.#clock = clock;
    this.#free = free;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#failures.size;
  }

  begin(key: string): Attempt {
    if (this.#free === Number.POSITIVE_INFINITY) return { waitMs: 0, takeBack: () => {} };
    const now = this.#clock.now();
    const before = this.#failures.get(key);
    if (before !== undefined && now < before.waitUntil) {
      return { waitMs: before.waitUntil - now, takeBack: () => {} };
    }
    const isFresh = before !== undefined && now - before.lastAt < FORGOTTEN_AFTER_MS;
    const count = (isFresh ? before.count : 0) + 1;
    this.#failures.delete(key);
    const after: Failures = { count, lastAt: now, waitUntil: now + waitAfter(count - this.#free) };
    this.#failures.set(key, after);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
    return { waitMs: 0, takeBack: () => this.#takeBack(key, after) };
  }

  /** The try succeeded. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  #takeBack(key: string, after: Failures): void {
    const failures = this.#failures.get(key);
    if (failures === undefined) return;
    failures.count -= 1;
    // a later try costs a wait of its own
    if (failures === after) failures.waitUntil = 0;
  }
}

/** @param excess - failures over those that are free */
function waitAfter(excess: number): number {
  return excess < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** excess);
}
