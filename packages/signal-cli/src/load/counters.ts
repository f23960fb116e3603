import { OUTCOMES } from './phases.js';
import type { Counters } from './result.js';

/** Nothing counted yet. */
export function noCounters(): Counters {
  return {
    planned: 0,
    placed: 0,
    dropped: 0,
    outcomes: {
      completed: 0,
      rejected: 0,
      no_answer: 0,
      cancelled: 0,
      merged: 0,
      busy: 0,
      offline: 0,
      failed: 0,
    },
    failures: {},
    ice: { sent: 0, received: 0, lost: 0, duplicated: 0, reordered: 0, misrouted: 0 },
    presence: { joins: 0, messages: 0, bytes: 0 },
  };
}

/** What several workers have counted, together. */
export function sumCounters(each: readonly Counters[]): Counters {
  const sum = noCounters();
  for (const { planned, placed, dropped, outcomes, failures, ice, presence } of each) {
    sum.planned += planned;
    sum.placed += placed;
    sum.dropped += dropped;
    for (const outcome of OUTCOMES) sum.outcomes[outcome] += outcomes[outcome];
    for (const [reason, count] of Object.entries(failures)) {
      sum.failures[reason] = (sum.failures[reason] ?? 0) + count;
    }
    addTo(sum.ice, ice);
    addTo(sum.presence, presence);
  }
  return sum;
}

function addTo<Name extends string>(sum: Record<Name, number>, more: Record<Name, number>): void {
  // the keys of a record of these names are these names
  for (const name of Object.keys(more) as Name[]) sum[name] += more[name];
}
