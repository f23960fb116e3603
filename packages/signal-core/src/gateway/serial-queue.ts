/**
 * Runs tasks one after the other, in order. A task that needs no waiting runs at once:
 * the hot path makes no promise.
 */
export class SerialQueue {
  readonly #waiting: (() => void | Promise<void>)[] = [];
  #running = false;

  /** Tasks that wait behind the one that runs. */
  get length(): number {
    return this.#waiting.length;
  }

  /** @param task - must not throw or reject */
  run(task: () => void | Promise<void>): void {
    if (this.#running) this.#waiting.push(task);
    else this.#start(task);
  }

  #start(task: () => void | Promise<void>): void {
    const promise = task();
    if (promise === undefined) return;
    this.#running = true;
    void promise.then(() => this.#next());
  }

  #next(): void {
    this.#running = false;
    while (!this.#running) {
      const task = this.#waiting.shift();
      if (task === undefined) return;
      this.#start(task);
    }
  }
}
