import { formatDuration } from '../../format/duration.js';
import type { Summary } from '../result.js';
import type { Fact } from './facts.js';

const MOST = 10;

/** When a person changed the run, and how. */
export function changeRows({ changes }: Pick<Summary, 'changes'>): Fact[] {
  const left = changes.length - MOST;
  return [
    ...changes.slice(0, MOST).map(
      (change): Fact => [
        // before 0 users join
        change.atMs < 0 ? 'before' : formatDuration(change.atMs),
        change.change === 'rate' ? `${change.factor.toFixed(2)} times the calls planned` : change.change,
      ],
    ),
    ...(left > 0 ? [['…', `and ${left} more, in summary.json`] satisfies Fact] : []),
  ];
}
