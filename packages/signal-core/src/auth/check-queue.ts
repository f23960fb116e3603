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

  /** @throws SignalingError `unavailable` when too many wait */
  async run<T>(check: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await check();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
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
