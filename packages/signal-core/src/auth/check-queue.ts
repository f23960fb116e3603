import { unavailable } from './refusals.js';

/** When who finds the queue full may try again, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * So many checks at a time, so many that wait, and no more: a check takes a core.
 *
 * @see SPEC.md, rule LIMIT-7
 */
export class CheckQueue {
  readonly #limits: { atATime: number; waiting: number };
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: { atATime: number; waiting: number }) {
    this.#limits = limits;
  }

  /**
   * Waits for a place.
   *
   * @returns gives the place to the next; once is enough, and more does nothing
   * @throws SignalingError `unavailable` when too many wait
   */
  async enter(): Promise<() => void> {
    await this.#turn();
    let isHere = true;
    return () => {
      if (!isHere) return;
      isHere = false;
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    };
  }

  async #turn(): Promise<void> {
    const { atATime, waiting } = this.#limits;
    if (this.#running < atATime) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= waiting) throw unavailable(RETRY_AFTER_MS);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
