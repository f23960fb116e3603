import { EXIT } from '../../exit-codes.js';
import { cleanText } from '../../format/clean-text.js';
import { plural } from '../../format/count.js';
import { formatDuration } from '../../format/duration.js';
import type { Summary, Verdict } from '../result.js';
import { auditFaults } from './audit-facts.js';

interface Point {
  what: string;
  remedy?: string;
}

/** How a run stands, as every report says it first and last. */
export interface Standing {
  tone: 'good' | 'doubtful' | 'bad';
  status: Verdict['status'];
  headline: string;
  /** All that is wrong, the worst first, each with what to do about it where that is known. */
  points: Point[];
  /** Those of the points that say why some of the run is missing. */
  wholeness: Point[];
  exit: string;
}

const HEADLINES: Record<Verdict['status'], string> = {
  VALID: 'the figures are those of the server',
  DEGRADED: 'the generator had trouble, take the figures with care',
  INVALID: 'the generator was the limit, the figures say nothing about the server',
};

/** Those of a run that a person changed: it is never VALID. */
const BY_HAND: Record<Verdict['status'], string> = {
  VALID: 'it was changed by hand while it ran',
  DEGRADED: 'it was changed by hand while it ran, take the figures with care',
  INVALID: `${HEADLINES.INVALID}, and it was changed by hand`,
};

const EXITS: Record<number, string> = {
  [EXIT.ok]: 'passed',
  [EXIT.incomplete]: 'incomplete',
  [EXIT.invalid]: 'invalid',
  [EXIT.thresholds]: 'thresholds missed',
  [EXIT.interrupted]: 'interrupted',
  [EXIT.terminated]: 'interrupted',
};

/** @see SPEC.md, rule REPORT-3 */
export function standingOf(summary: Summary): Standing {
  const { verdict, exitCode, changes } = summary;
  const wholeness = cutShort(summary);
  const points = [...wholeness, ...verdict.reasons.map(clean), ...missed(summary), ...leaks(summary)];
  const isGood = exitCode === EXIT.ok && verdict.status === 'VALID' && points.length === 0;
  return {
    tone: isGood ? 'good' : exitCode === EXIT.ok ? 'doubtful' : 'bad',
    status: verdict.status,
    headline: changes.length === 0 ? HEADLINES[verdict.status] : BY_HAND[verdict.status],
    points,
    wholeness,
    exit: `exit ${exitCode}${EXITS[exitCode] === undefined ? '' : `, ${EXITS[exitCode]}`}`,
  };
}

function cutShort({ isInterrupted, exitCode, ranMs, plan }: Summary): Point[] {
  if (isInterrupted) {
    const [ran, asked] = [formatDuration(ranMs), formatDuration(plan.durationMs)];
    return [{ what: `stopped after ${ran} of ${asked}`, remedy: 'let it run to its end before comparing it' }];
  }
  if (exitCode !== EXIT.incomplete) return [];
  return [
    {
      what: 'incomplete: a worker died, or the users could not join, so some of the run is missing',
      remedy: 'see the failures, and run signal-cli doctor',
    },
  ];
}

function missed({ thresholds }: Summary): Point[] {
  const names = thresholds.filter(({ isMet }) => !isMet).map(({ expression }) => cleanText(expression));
  if (names.length === 0) return [];
  return [{ what: `${names.length} of ${plural(thresholds.length, 'threshold')} missed: ${names.join(', ')}` }];
}

function leaks({ audit, counters }: Summary): Point[] {
  const { lost, misrouted } = counters.ice;
  return [
    ...auditFaults(audit),
    ...(lost > 0 ? [`${plural(lost, 'candidate')} lost`] : []),
    ...(misrouted > 0 ? [`${plural(misrouted, 'candidate')} came to somebody else`] : []),
  ].map((what) => ({ what }));
}

function clean({ what, remedy }: { what: string; remedy: string }): { what: string; remedy: string } {
  return { what: cleanText(what), remedy: cleanText(remedy) };
}
