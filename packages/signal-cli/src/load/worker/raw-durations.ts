import { appendFile } from 'node:fs/promises';
import type { Phase } from '../phases.js';

/** Characters that wait to be written, at most. */
const MOST_WAITING = 65_536;

/** Every duration of a worker as a row of a file that all workers append to. */
export class RawDurations {
  readonly #file: string;
  #rows = '';
  #written: Promise<void> = Promise.resolve();

  /** @param file - is there, with its head */
  constructor(file: string) {
    this.#file = file;
  }

  record(phase: Phase, ms: number): void {
    this.#rows += `${phase},${ms}\n`;
    // what cannot be written ends the worker, and the run is not complete
    if (this.#rows.length >= MOST_WAITING) void this.flush();
  }

  /** Whole rows at a time: others append, too. */
  flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = '';
    this.#written = this.#written.then(() => appendFile(this.#file, rows));
    return this.#written;
  }
}
