import type { TraceEvent } from '../result.js';
import type { Side } from './candidates.js';

/** What was said and heard in a call, for its trace. */
export class CallLog {
  readonly events: TraceEvent[] = [];
  readonly #dueAt: number;

  /** @param dueAt - by `performance.now()` */
  constructor(dueAt: number) {
    this.#dueAt = dueAt;
  }

  add(side: Side, direction: TraceEvent['direction'], event: string, summary = ''): void {
    this.events.push({ atMs: Math.max(0, performance.now() - this.#dueAt), side, direction, event, summary });
  }
}
