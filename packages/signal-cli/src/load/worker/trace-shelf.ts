import type { Trace } from '../result.js';

/** Calls that are kept, of each kind: a run with a thousand failures has the same one a thousand times. */
const MOST_FAILED = 50;
const MOST_SLOW = 10;

/** Keeps what is worth a look: the first calls that failed, and the slowest to be set up. */
export class TraceShelf {
  readonly #failed: Trace[] = [];
  /** From the slowest on. */
  readonly #slow: (Trace & { setupMs: number })[] = [];

  /** @param make - makes the trace, when it is worth keeping */
  offer({ failed, setupMs }: { failed: boolean; setupMs: number | undefined }, make: () => Trace): void {
    if (failed) {
      if (this.#failed.length < MOST_FAILED) this.#failed.push(make());
      return;
    }
    const last = this.#slow.at(MOST_SLOW - 1);
    if (setupMs === undefined || (last !== undefined && setupMs <= last.setupMs)) return;
    const at = this.#slow.findIndex((slow) => slow.setupMs < setupMs);
    this.#slow.splice(at === -1 ? this.#slow.length : at, 0, { ...make(), setupMs });
    this.#slow.length = Math.min(this.#slow.length, MOST_SLOW);
  }

  /** Those that failed, then the slowest. */
  all(): Trace[] {
    return [...this.#failed, ...this.#slow];
  }
}

/** Of the traces of several workers, as many as of one. */
export function mergeTraces(each: readonly Trace[][]): Trace[] {
  const all = each.flat();
  const failed = all.filter(({ outcome }) => outcome === 'failed');
  const slow = all.filter(({ outcome }) => outcome !== 'failed');
  slow.sort((a, b) => (b.setupMs ?? 0) - (a.setupMs ?? 0));
  return [...failed.slice(0, MOST_FAILED), ...slow.slice(0, MOST_SLOW)];
}
