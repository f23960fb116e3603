import type { Tally } from './tally.js';

/** How long a call took to be set up, and to end: all that is late counts from the instant it was due. */
export class CallTimes {
  setupMs: number | undefined;
  readonly #dueAt: number;
  readonly #tally: Tally;
  #rungAt = 0;
  #acceptedAt = 0;
  #endSaidAt = 0;

  constructor(dueAt: number, tally: Tally) {
    this.#dueAt = dueAt;
    this.#tally = tally;
  }

  /** The callee has accepted. */
  get isAccepted(): boolean {
    return this.#acceptedAt > 0;
  }

  rung(): void {
    this.#rungAt = performance.now();
    this.#tally.time('pdd', this.#rungAt - this.#dueAt);
  }

  accepted(): void {
    this.#acceptedAt = performance.now();
  }

  /** The caller hears of it. What the callee thought is not the server's time. */
  setUp(): void {
    this.setupMs = performance.now() - this.#dueAt - (this.#acceptedAt - this.#rungAt);
    this.#tally.time('setup', this.setupMs);
  }

  endSaid(): void {
    this.#endSaidAt = performance.now();
  }

  endHeard(): void {
    if (this.#endSaidAt > 0) this.#tally.time('teardown', performance.now() - this.#endSaidAt);
  }
}
