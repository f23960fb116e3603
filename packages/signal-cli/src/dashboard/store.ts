import type { Key } from '../screen/key.js';
import { type Happening, happen } from './happening.js';
import { press } from './press.js';
import type { Wish } from './pressed.js';
import type { Dashboard } from './state.js';

/** Storms of presence are drawn ten times a second, and no more often. */
const DRAW_EVERY_MS = 100;

/** Holds what the dashboard shows, and says when to draw it. */
export class Store {
  #state: Dashboard;
  #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(state: Dashboard) {
    this.#state = state;
  }

  readonly get = (): Dashboard => this.#state;

  /** @returns how to stop hearing when to draw */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Drawn soon. */
  tell(happening: Happening): void {
    this.#state = happen(this.#state, happening);
    this.#timer ??= setTimeout(() => this.#draw(), DRAW_EVERY_MS);
  }

  /** Drawn at once. @returns what the person wants done */
  press(key: Key): Wish | undefined {
    const { state, wish } = press(this.#state, key);
    this.#state = state;
    this.#draw();
    return wish;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const listener of this.#listeners) listener();
  }
}
