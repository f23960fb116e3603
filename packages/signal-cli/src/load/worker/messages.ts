import type { ExitName } from '../../exit-codes.js';
import type { EncodedPhases } from '../histograms.js';
import type { LoadPlan } from '../plan.js';
import type { Audit, Counters, Trace } from '../result.js';

/** What the parent tells a worker. */
export type Order =
  | ({ type: 'join' } & JoinOrder)
  /** Begin to place calls at that moment, in epoch milliseconds. */
  | { type: 'start'; at: number }
  | { type: 'scale'; factor: number }
  | { type: 'pause'; isPaused: boolean }
  /** Place no more calls. Those that live may go on so long; then they hang up. */
  | { type: 'drain'; patienceMs: number }
  | { type: 'leave' };

export interface JoinOrder {
  plan: LoadPlan;
  /** Which one it is, from 0 on. */
  worker: number;
  /** Where each duration is to be kept by itself. */
  durationsFile?: string | undefined;
}

/** What a worker tells the parent. */
export type News =
  /** All users are there who could come. */
  | { type: 'joined' }
  | { type: 'report'; report: WorkerReport }
  /** Every call that was due has been placed. */
  | { type: 'placed' }
  /** No call lives any more. */
  | { type: 'drained' }
  /** All users have gone. */
  | { type: 'left'; traces: Trace[]; orphans: Audit['orphans'] }
  /** It cannot go on. */
  | { type: 'failed'; exit: ExitName; message: string };

/** How far a worker is, two times a second: what it counted since it began, and what it timed since the last report. */
export interface WorkerReport {
  online: number;
  concurrent: number;
  counters: Counters;
  phases: EncodedPhases;
  /** Histograms as text; absent when nothing was timed. */
  loopDelay?: string;
  late?: string;
  cpuSeconds: number;
  rssMiB: number;
}
