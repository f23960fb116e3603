/** The shares of its time after which something is renewed, and tried again to be. */
const RENEW = 0.8;
const RETRY = 0.1;

/** So that no answer of a server makes a client ask without a pause; and the longest time that timers can wait for. */
const MIN_WAIT_MS = 5_000;
const MAX_WAIT_MS = 2 ** 31 - 1;

/** Renews what lapses, in good time, and again and again while that fails. */
export class Renewal {
  readonly #renew: () => Promise<number | undefined>;
  readonly #report: (error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param renew - says for how long the new one is good, in milliseconds, if it lapses at all
   * @param report - hears why it failed
   */
  constructor(renew: () => Promise<number | undefined>, report: (error: unknown) => void) {
    this.#renew = renew;
    this.#report = report;
  }

  /** @param spanMs - for how long what there is is good */
  start(spanMs: number | undefined): void {
    this.stop();
    // a server may say anything
    if (Number(spanMs) > 0) this.#wait(Number(spanMs), RENEW);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(spanMs: number, share: number): void {
    const waitMs = Math.min(Math.max(spanMs * share, MIN_WAIT_MS), MAX_WAIT_MS);
    this.#timer = setTimeout(() => void this.#run(spanMs), waitMs);
  }

  async #run(spanMs: number): Promise<void> {
    const timer = this.#timer;
    try {
      const nextMs = await this.#renew();
      if (this.#timer === timer) this.start(nextMs);
    } catch (error) {
      if (this.#timer !== timer) return;
      this.#report(error);
      this.#wait(spanMs, RETRY);
    }
  }
}
