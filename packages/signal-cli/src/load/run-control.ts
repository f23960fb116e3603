import type { Sample } from './result.js';

/** What a person may change while a run goes on: `+ - * / p q` on the live screen. */
export interface RunControl {
  /** Multiplies the rate of the schedule from now on. The summary tells what was planned, and the samples what was asked for. */
  scaleRate(factor: number): void;
  /** Places no calls while paused; what would have arrived is not made up for. */
  setPaused(isPaused: boolean): void;
  /** Places no more calls and lets those that live end. */
  drain(): void;
}

/** Sees a run go by: the live screen, lines of progress, or a file. */
export interface RunObserver {
  sample(sample: Sample): void;
  /** Something that a person should know now, in one line. */
  note(text: string): void;
}
