import type { Summary } from '../result.js';

type Changed = Summary['changes'][number];
/** Without the moment. */
type Change = Changed extends infer Each ? (Each extends Changed ? Omit<Each, 'atMs'> : never) : never;

/** What a person does to a run while it goes on. */
export class Steering {
  /** So many times as many calls as planned. */
  factor = 1;
  readonly #done: { at: number; change: Change }[] = [];

  scale(factor: number): void {
    this.factor *= factor;
    this.add({ change: 'rate', factor: this.factor });
  }

  add(change: Change): void {
    this.#done.push({ at: performance.now(), change });
  }

  /** @param startedAt - by `performance.now()`; not finite, when no call was ever due */
  changes(startedAt: number): Summary['changes'] {
    return this.#done.map(({ at, change }) => ({
      atMs: Number.isFinite(startedAt) ? at - startedAt : -1,
      ...change,
    }));
  }
}
