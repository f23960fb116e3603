import type { Cancel, Clock } from '../clock.js';

/** Shortest time between two broadcasts, in milliseconds: short enough to look instant, long enough to gather a burst. */
const MIN_INTERVAL_MS = 250;

interface BroadcastOptions {
  clock: Clock;
  budgetBytesPerSecond: number;
  /** Sends the whole list to everybody. @returns the bytes that this comes to */
  send(): number;
}

/**
 * Turns any number of changes into few broadcasts: a full list to everybody grows with the square of the users,
 * so it is sent at most as often as its bytes fit the budget.
 *
 * @see SPEC.md, rule PRES-2
 */
export class Broadcaster {
  readonly #options: BroadcastOptions;
  #nextAt = 0;
  #pending: Cancel | undefined;

  constructor(options: BroadcastOptions) {
    this.#options = options;
  }

  /** Something changed: a broadcast goes out as soon as the budget allows. */
  changed(): void {
    const { clock } = this.#options;
    this.#pending ??= clock.after(Math.max(0, this.#nextAt - clock.now()), () => this.#send());
  }

  close(): void {
    this.#pending?.();
    this.#pending = undefined;
  }

  #send(): void {
    const { clock, budgetBytesPerSecond, send } = this.#options;
    this.#pending = undefined;
    const bytes = send();
    this.#nextAt = clock.now() + Math.max(MIN_INTERVAL_MS, (bytes / budgetBytesPerSecond) * 1000);
  }
}
