import type { Logger } from '../log.js';

/** How long a broadcast may hold the event loop, in milliseconds: calls go on between slices. */
const SLICE_MS = 1;

interface Work {
  readonly steps: Iterator<unknown>;
  done(): void;
}

/**
 * Carries out what takes long, such as a broadcast to thousands, in short steps: a slice of them by turn of the event
 * loop, whatever there is to do, and one work after the other, so that what is sent keeps its order.
 *
 * @see SPEC.md, rule PRES-3
 */
export class Slices {
  readonly #works: Work[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @returns settles when the last step was done, or one failed */
  run(steps: Iterable<unknown>): Promise<void> {
    return new Promise((done) => {
      this.#works.push({ steps: steps[Symbol.iterator](), done });
      if (this.#works.length === 1) setImmediate(() => this.#slice());
    });
  }

  #slice(): void {
    const until = performance.now() + SLICE_MS;
    // one step at least, however slow the machine is
    do {
      const [work] = this.#works;
      if (work === undefined) return;
      if (this.#step(work)) continue;
      this.#works.shift();
      work.done();
    } while (performance.now() < until);
    // not in the next turn: what was written meanwhile leaves first, and what came in is read
    if (this.#works.length > 0) setImmediate(() => setImmediate(() => this.#slice()));
  }

  /** @returns whether there is more to do */
  #step({ steps }: Work): boolean {
    try {
      return steps.next().done !== true;
    } catch (error) {
      this.#log.error({ err: error }, 'a broadcast could not be sent');
      return false;
    }
  }
}
