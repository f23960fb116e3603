import type { ExitName } from '../exit-codes.js';
import type { ThresholdResult, Verdict } from './result.js';

interface Finding {
  /** Stopped by a person before its time. */
  isInterrupted: boolean;
  /** A worker died, or nobody could join: some of the run is missing. */
  isIncomplete: boolean;
  verdict: Verdict;
  thresholds: readonly ThresholdResult[];
}

/**
 * What a load run exits with: first what makes its figures worthless, then what the figures say.
 *
 * @see SPEC.md, rule LOAD-7
 */
export function exitOfRun({ isInterrupted, isIncomplete, verdict, thresholds }: Finding): ExitName {
  if (isInterrupted) return 'interrupted';
  if (isIncomplete) return 'incomplete';
  if (verdict.status === 'INVALID') return 'invalid';
  return thresholds.every(({ isMet }) => isMet) ? 'ok' : 'thresholds';
}
