import type { Clock } from '../clock.js';
import { SignalingError } from '../protocol/errors.js';

/** How long whoever comes too early waits, and then is to wait before it tries again, in milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * A node lets nobody in before it is ready, which it is once.
 *
 * @see SPEC.md, rule NODE-14
 */
export class Opening {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #isOpen = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(): void {
    this.#isOpen = true;
    for (const enter of this.#waiting) enter();
    this.#waiting.clear();
  }

  /** @throws SignalingError `unavailable` when it is not open within 2 s */
  async passed(): Promise<void> {
    if (this.#isOpen) return;
    await new Promise<void>((resolve, reject) => {
      const giveUp = this.#clock.after(PATIENCE_MS, () => {
        this.#waiting.delete(enter);
        reject(new SignalingError('unavailable', 'this server is starting; try again', undefined, PATIENCE_MS));
      });
      const enter = () => {
        giveUp();
        resolve();
      };
      this.#waiting.add(enter);
    });
  }
}
