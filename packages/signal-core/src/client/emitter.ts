/** Where an error goes that a listener of the application threw. */
export type ReportError = (error: unknown) => void;

type Listener<Args extends unknown[]> = (...args: Args) => void;

/** How many events of one name wait for their first listener; the oldest go first. */
const MAX_KEPT = 1024;

/**
 * Typed events. A listener that throws, or whose promise rejects, harms neither the others nor what emits.
 *
 * With `keep` an event that nobody listens to yet waits for its first listener: an application attaches its listeners
 * when it has decided about a call, and must not lose what came before.
 */
export class Emitter<Events extends { [E in keyof Events]: unknown[] }> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #kept = new Map<keyof Events, unknown[][]>();
  readonly #report: ReportError;
  readonly #keep: boolean;

  constructor(report: ReportError, { keep = false } = {}) {
    this.#report = report;
    this.#keep = keep;
  }

  /** @returns how to stop listening */
  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    // later, so that the caller has what `on` returns
    if (this.#kept.has(event)) queueMicrotask(() => this.#flush(event));
    return () => listeners.delete(listener);
  }

  emit<E extends keyof Events>(event: E, ...args: Events[E]): void {
    const kept = this.#kept.get(event);
    if (!this.#keep || (kept === undefined && this.#isHeard(event))) {
      this.#deliver(event, args);
      return;
    }
    const waiting = kept ?? [];
    this.#kept.set(event, waiting);
    if (waiting.push(args) > MAX_KEPT) waiting.shift();
  }

  #flush(event: keyof Events): void {
    const kept = this.#kept.get(event);
    while (kept !== undefined && kept.length > 0 && this.#isHeard(event)) this.#deliver(event, kept.shift() ?? []);
    if (kept?.length === 0) this.#kept.delete(event);
  }

  #isHeard(event: keyof Events): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0;
  }

  #deliver(event: keyof Events, args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        // `on` paired the listener with the event; it may well be an async function
        const result: unknown = (listener as (...args: unknown[]) => unknown)(...args);
        if (result instanceof Promise) result.catch(this.#report);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
