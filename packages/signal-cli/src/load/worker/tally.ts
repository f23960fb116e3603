import { noCounters } from '../counters.js';
import { Durations, PhaseDurations } from '../histograms.js';
import type { Counters } from '../result.js';
import { TraceShelf } from './trace-shelf.js';

/** All that a worker counts and times. */
export class Tally {
  readonly counters: Counters = noCounters();
  readonly phases = new PhaseDurations();
  /** How late calls were placed. */
  readonly late = new Durations();
  readonly traces = new TraceShelf();

  failure(reason: string): void {
    const { failures } = this.counters;
    failures[reason] = (failures[reason] ?? 0) + 1;
  }
}
