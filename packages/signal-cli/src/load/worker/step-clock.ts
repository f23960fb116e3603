/** What a call waits for; when it does not come it fails, as `timeout_…`. */
export type Step = 'incoming_call' | 'call_accepted' | 'candidates' | 'call_ended' | 'answers';

/** What a call waits for, and what it does next. */
export class StepClock {
  step: Step = 'incoming_call';
  readonly #timeoutMs: number;
  #deadline: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param timeoutMs - longest wait for one step */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#deadline = performance.now() + timeoutMs;
  }

  /** @param extraMs - what is let go by before that can come */
  await(step: Step, extraMs = 0): void {
    this.step = step;
    this.#deadline = performance.now() + this.#timeoutMs + extraMs;
  }

  isOverdue(now: number): boolean {
    return now >= this.#deadline;
  }

  /** One thing at a time: it takes the place of what was to be done before. */
  after(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
