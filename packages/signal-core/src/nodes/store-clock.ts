import type { Cancel, Clock } from '../clock.js';
import type { Logger } from '../log.js';

/** How far the clock of this machine may be from that of the stores before it is told, in milliseconds. */
const TOLD_MS = 1_000;

/**
 * The clock of the stores, as far as this node knows it: what is written down for all nodes is by this one. Before it is
 * heard for the first time it is this machine's.
 *
 * @see SPEC.md, rule NODE-17
 */
export class StoreClock implements Clock {
  readonly #clock: Clock;
  readonly #log: Logger;
  /** How far it is ahead of what passes steadily here. */
  #aheadMs: number | undefined;
  #isOff = false;

  /** @param clock - this machine's */
  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  now(): number {
    return this.#aheadMs === undefined ? this.#clock.now() : Math.round(this.steady() + this.#aheadMs);
  }

  steady(): number {
    return this.#clock.steady?.() ?? this.#clock.now();
  }

  after(ms: number, run: () => void): Cancel {
    return this.#clock.after(ms, run);
  }

  every(ms: number, run: () => void): Cancel {
    return this.#clock.every(ms, run);
  }

  /**
   * Takes the time that the stores have just told, at some moment between the question and now: what was thought until then
   * is moved as far as it must be.
   *
   * @param at - epoch milliseconds
   * @param askedAt - when they were asked, as {@link steady} tells it
   */
  heed(at: number, askedAt: number): void {
    const answeredAt = this.steady();
    const [least, most] = [at - answeredAt, at - askedAt];
    const known = this.#aheadMs ?? (least + most) / 2;
    this.#aheadMs = Math.min(Math.max(known, least), most);
    // what came late tells too little
    if (answeredAt - askedAt < TOLD_MS) this.#tell(this.#clock.now() - this.now());
  }

  #tell(aheadMs: number): void {
    const isOff = Math.abs(aheadMs) > TOLD_MS;
    if (isOff === this.#isOff) return;
    this.#isOff = isOff;
    if (isOff) this.#log.warn({ aheadMs }, 'the clock of this machine is not that of the stores');
    else this.#log.info({ aheadMs }, 'the clock of this machine is that of the stores again');
  }
}
