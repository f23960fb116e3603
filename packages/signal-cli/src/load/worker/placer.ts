import type { LoadPlan } from '../plan.js';
import { type PlannedCall, schedule } from '../schedule.js';

export interface PlacerOptions {
  plan: LoadPlan;
  worker: number;
  /**
   * @param dueAt - the instant it was due, by `performance.now()`
   * @returns whether two users were free for it
   */
  place(call: PlannedCall, dueAt: number): boolean;
  /** All that was due has been placed. */
  onEnd(): void;
}

/** Places calls when they are due: a slow answer of the server, or a full worker, delays none of them. */
export class Placer {
  readonly #options: PlacerOptions;
  #startedAt = Number.NaN;
  #calls: Iterator<PlannedCall, void>;
  #next: PlannedCall | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;
  #isOver = false;

  constructor(options: PlacerOptions) {
    this.#options = options;
    this.#calls = this.#ownOf(options.plan);
  }

  /** @param at - by `performance.now()` */
  start(at: number): void {
    this.#startedAt = at;
    this.#advance();
    this.#pump();
  }

  /** From now on, so many times as many calls a second as planned. */
  scale(factor: number): void {
    const { plan } = this.#options;
    const { arrivals } = plan;
    if (arrivals.model !== 'open' || this.#isOver) return;
    const stages = arrivals.stages.map(({ atMs, perSecond }) => ({ atMs, perSecond: perSecond * factor }));
    this.#calls = this.#ownOf({ ...plan, arrivals: { ...arrivals, stages } });
    // users still join: the first call is not due
    if (Number.isNaN(this.#startedAt)) return;
    const elapsed = performance.now() - this.#startedAt;
    do this.#advance();
    while (this.#next !== undefined && this.#next.atMs < elapsed);
    this.#pump();
  }

  /** What is due while it is paused is not placed, nor made up for. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
  }

  #pump(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    const elapsed = performance.now() - this.#startedAt;
    while (this.#next !== undefined && this.#next.atMs <= elapsed) {
      if (!this.#isPaused) this.#options.place(this.#next, this.#startedAt + this.#next.atMs);
      this.#advance();
    }
    const { durationMs } = this.#options.plan;
    if (this.#next === undefined && elapsed >= durationMs) {
      this.#isOver = true;
      this.#options.onEnd();
      return;
    }
    this.#timer = setTimeout(() => this.#pump(), Math.max(0, (this.#next?.atMs ?? durationMs) - elapsed));
  }

  #advance(): void {
    this.#next = this.#calls.next().value ?? undefined;
  }

  *#ownOf(plan: LoadPlan): Generator<PlannedCall, void> {
    const { worker } = this.#options;
    for (const call of schedule(plan)) if (call.number % plan.workers === worker) yield call;
  }
}
