import type { Key } from '../../screen/key.js';
import type { Sample } from '../result.js';
import type { RunControl, RunObserver } from '../run-control.js';

/** Samples of a minute, which is what the sparklines show; at most four come a second. */
const KEPT_SAMPLES = 240;
const KEPT_NOTES = 3;
const FACTORS: Record<string, number> = { '+': 1.1, '-': 1 / 1.1, '*': 2, '/': 0.5 };

/** What is known of a run while it goes on. */
export interface LiveState {
  /** The oldest first. */
  samples: readonly Sample[];
  notes: readonly string[];
  isPaused: boolean;
}

/** A run as it goes by, and the keys that change it. */
export class LiveRun implements RunObserver {
  #state: LiveState = { samples: [], notes: [], isPaused: false };
  readonly #listeners = new Set<() => void>();

  readonly get = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  sample(sample: Sample): void {
    this.#become({ samples: [...this.#state.samples, sample].slice(-KEPT_SAMPLES) });
  }

  note(text: string): void {
    this.#become({ notes: [...this.#state.notes, text].slice(-KEPT_NOTES) });
  }

  /** `+ -` a tenth more and less, `* /` twice and half, `p` a pause, `q` the end. */
  press(key: Key, control: RunControl): void {
    for (const letter of key.name === 'text' ? key.text : '') {
      const factor = FACTORS[letter];
      if (factor !== undefined) control.scaleRate(factor);
      else if (letter === 'q') control.drain();
      else if (letter === 'p') {
        this.#become({ isPaused: !this.#state.isPaused });
        control.setPaused(this.#state.isPaused);
      }
    }
  }

  #become(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
