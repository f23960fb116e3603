import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cancel, Clock } from '../clock.js';

interface Timer {
  at: number;
  /** Milliseconds between two runs; absent for a timer that runs once. */
  every?: number;
  run: () => void;
}

/**
 * Time that passes only when it is told to.
 *
 * @example
 * const clock = new FakeClock();
 * expireCalls({ ...context, clock });
 * await clock.advance(60_000);
 */
export class FakeClock implements Clock {
  #now: number;
  /** Those of one moment in the order in which they were set. */
  readonly #timers = new Set<Timer>();

  /** @param now - where time begins, in epoch milliseconds */
  constructor(now = Date.UTC(2030, 0, 1)) {
    this.#now = now;
  }

  /** Timers that still want to run: none are left once everything is closed. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Cancel {
    return this.#set({ at: this.#now + atLeastOne(ms), run });
  }

  every(ms: number, run: () => void): Cancel {
    return this.#set({ at: this.#now + atLeastOne(ms), every: atLeastOne(ms), run });
  }

  /**
   * Lets time pass: runs every timer in its turn, and after each lets the promises that it left settle.
   *
   * @param ms - how far, in milliseconds; 0 only settles promises
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await nextTurn();
    for (let timer = this.#nextUntil(until); timer !== undefined; timer = this.#nextUntil(until)) {
      this.#now = timer.at;
      this.#timers.delete(timer);
      if (timer.every !== undefined) {
        timer.at += timer.every;
        this.#timers.add(timer);
      }
      timer.run();
      await nextTurn();
    }
    this.#now = until;
  }

  #set(timer: Timer): Cancel {
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  #nextUntil(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    return next;
  }
}

/** Node's timers wait for 1 ms at least. */
function atLeastOne(ms: number): number {
  return Math.max(1, ms);
}
