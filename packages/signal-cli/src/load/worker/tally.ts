import { noCounters } from '../counters.js';
import { Durations, PhaseDurations } from '../histograms.js';
import type { Phase } from '../phases.js';
import type { Counters } from '../result.js';
import type { RawDurations } from './raw-durations.js';
import { TraceShelf } from './trace-shelf.js';

/** All that a worker counts and times. */
export class Tally {
  readonly counters: Counters = noCounters();
  readonly phases = new PhaseDurations();
  /** How late calls were placed. */
  readonly late = new Durations();
  readonly traces = new TraceShelf();
  /** Where each duration is kept by itself, if it is. */
  readonly raw: RawDurations | undefined;

  constructor(raw?: RawDurations) {
    this.raw = raw;
  }

  /** A step took so long. */
  time(phase: Phase, ms: number): void {
    this.phases.record(phase, ms);
    this.raw?.record(phase, ms);
  }

  failure(reason: string): void {
    const { failures } = this.counters;
    failures[reason] = (failures[reason] ?? 0) + 1;
  }
}
