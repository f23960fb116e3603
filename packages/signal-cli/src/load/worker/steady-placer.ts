import { type PlannedCall, schedule } from '../schedule.js';
import type { PlacerOptions } from './placer.js';

/** Keeps so many calls alive: when one ends the next is placed. */
export class SteadyPlacer {
  readonly #options: PlacerOptions;
  readonly #calls: Iterator<PlannedCall, void>;
  readonly #ownShare: number;
  #wanted: number;
  #live = 0;
  #isPlacing = false;
  #isPaused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PlacerOptions, concurrent: number) {
    const { plan, worker } = options;
    this.#options = options;
    this.#calls = schedule(plan);
    // the first workers have what cannot be shared evenly
    this.#ownShare = Math.floor(concurrent / plan.workers) + (worker < concurrent % plan.workers ? 1 : 0);
    this.#wanted = this.#ownShare;
  }

  start(at: number): void {
    this.#timer = setTimeout(
      () => {
        this.#timer = setTimeout(() => {
          this.stop();
          this.#options.onEnd();
        }, this.#options.plan.durationMs);
        this.#isPlacing = true;
        this.#fill();
      },
      Math.max(0, at - performance.now()),
    );
  }

  scale(factor: number): void {
    this.#wanted = Math.round(this.#ownShare * factor);
    this.#fill();
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#fill();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#isPlacing = false;
  }

  /** A call is over. */
  over(): void {
    this.#live -= 1;
    // not at once: a server that refuses each call would keep this from ever coming back
    setImmediate(() => this.#fill());
  }

  #fill(): void {
    while (this.#isPlacing && !this.#isPaused && this.#live < this.#wanted) {
      const call = this.#own();
      if (call === undefined || !this.#options.place(call, performance.now())) return;
      this.#live += 1;
    }
  }

  #own(): PlannedCall | undefined {
    const { plan, worker } = this.#options;
    for (;;) {
      const { value } = this.#calls.next();
      if (value === undefined || value.number % plan.workers === worker) return value ?? undefined;
    }
  }
}
