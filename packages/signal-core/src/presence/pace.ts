import type { Cancel, Clock } from '../clock.js';

/** Shortest time between two broadcasts, in milliseconds: short enough to look instant, long enough to gather a burst. */
const MIN_INTERVAL_MS = 250;

interface PaceOptions {
  clock: Clock;
  budgetBytesPerSecond: number;
  /** Sends what is new to everybody. @returns the bytes that this came to, once all of it is sent */
  send(): Promise<number>;
}

type State = 'quiet' | 'waiting' | 'sending' | 'sending, with more to come' | 'closed';

/**
 * Turns any number of changes into few broadcasts: a full list to everybody grows with the square of the users,
 * so it is sent at most as often as its bytes fit the budget, and never while the one before is still on its way.
 *
 * @see SPEC.md, rule PRES-2
 */
export class Pace {
  readonly #options: PaceOptions;
  #state: State = 'quiet';
  #nextAt = 0;
  #pending: Cancel | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Something changed: a broadcast goes out as soon as the budget allows. */
  changed(): void {
    if (this.#state === 'sending') this.#state = 'sending, with more to come';
    if (this.#state === 'quiet') this.#wait();
  }

  close(): void {
    this.#state = 'closed';
    this.#pending?.();
  }

  #wait(): void {
    const { clock } = this.#options;
    this.#state = 'waiting';
    this.#pending = clock.after(Math.max(0, this.#nextAt - clock.now()), () => void this.#send());
  }

  async #send(): Promise<void> {
    const { clock, budgetBytesPerSecond, send } = this.#options;
    const began = clock.now();
    this.#state = 'sending';
    const bytes = await send();
    this.#nextAt = began + Math.max(MIN_INTERVAL_MS, (bytes / budgetBytesPerSecond) * 1000);
    // it may have been closed meanwhile, which the compiler does not see
    const state = this.#state as State;
    if (state === 'sending') this.#state = 'quiet';
    if (state === 'sending, with more to come') this.#wait();
  }
}
