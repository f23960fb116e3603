import type { Trace, TraceEvent } from '../result.js';
import type { CallEnd } from './call-end.js';
import type { CallParties } from './call-parties.js';
import type { CallTimes } from './call-times.js';
import type { Side } from './candidates.js';

/** What was said and heard in a call, for its trace. */
export class CallLog {
  readonly #events: TraceEvent[] = [];
  readonly #dueAt: number;

  /** @param dueAt - by `performance.now()` */
  constructor(dueAt: number) {
    this.#dueAt = dueAt;
  }

  add(side: Side, direction: TraceEvent['direction'], event: string, summary = ''): void {
    this.#events.push({ atMs: Math.max(0, performance.now() - this.#dueAt), side, direction, event, summary });
  }

  trace({ callId, users }: CallParties, { outcome = 'failed', failure }: CallEnd, { setupMs }: CallTimes): Trace {
    return {
      callId,
      caller: users.caller.name,
      callee: users.callee.name,
      outcome,
      ...(failure !== undefined && { failure }),
      ...(setupMs !== undefined && { setupMs: Math.max(0, setupMs) }),
      events: this.#events,
    };
  }
}
