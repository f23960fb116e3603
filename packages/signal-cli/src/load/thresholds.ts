import { parseDuration } from '../format/duration.js';
import { PHASES, type Phase } from './phases.js';
import type { Quantiles, Summary, ThresholdResult } from './result.js';

/** What a run must hold, such as `setup.p99<100ms`. */
export interface Threshold {
  /** As it was written. */
  expression: string;
  metric: string;
  operator: keyof typeof HOLDS;
  /** Milliseconds, a share from 0 to 1, or a number. */
  limit: number;
}

/** What is measured of a summary: a duration in milliseconds, a share from 0 to 1, or a number; null is nothing. */
type Measure = (summary: Summary) => number | null;
type Unit = 'duration' | 'share' | 'number';

const HOLDS = {
  '<': (actual: number, limit: number) => actual < limit,
  '<=': (actual: number, limit: number) => actual <= limit,
  '>': (actual: number, limit: number) => actual > limit,
  '>=': (actual: number, limit: number) => actual >= limit,
  '==': (actual: number, limit: number) => actual === limit,
  '!=': (actual: number, limit: number) => actual !== limit,
} as const;

const STATISTICS = ['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'] as const;

const NUMBERS: Record<string, { unit: Unit; of: Measure }> = {
  orphan: { unit: 'number', of: ({ audit }) => audit.orphans.length },
  loss: { unit: 'number', of: ({ counters }) => counters.ice.lost },
  duplicate: { unit: 'number', of: ({ counters }) => counters.ice.duplicated },
  reorder: { unit: 'number', of: ({ counters }) => counters.ice.reordered },
  misrouted: { unit: 'number', of: ({ counters }) => counters.ice.misrouted },
  failed: { unit: 'number', of: ({ counters }) => counters.outcomes.failed },
  completed: { unit: 'number', of: ({ counters }) => counters.outcomes.completed },
  dropped: { unit: 'number', of: ({ counters }) => counters.dropped },
  concurrent: { unit: 'number', of: ({ peakConcurrent }) => peakConcurrent },
  asr: { unit: 'share', of: ({ asr }) => asr },
  server_cpu: { unit: 'duration', of: ({ server }) => server?.cpuMsPerCall ?? null },
  presence_bytes: { unit: 'number', of: ({ counters }) => perJoin(counters.presence.bytes, counters.presence.joins) },
  presence_messages: {
    unit: 'number',
    of: ({ counters }) => perJoin(counters.presence.messages, counters.presence.joins),
  },
};

/** All that a threshold can be about, for help and complaints. */
const METRICS: readonly string[] = [
  ...PHASES.map((phase) => `${phase}.{${STATISTICS.join(',')}}`),
  ...Object.keys(NUMBERS),
];

/**
 * Reads `metric operator limit`: durations with a unit (`100ms`), shares plain or as `5%`.
 *
 * @returns what is wrong, as a sentence, when it cannot be read
 * @see SPEC.md, rule LOAD-6
 */
export function parseThreshold(text: string): Threshold | string {
  const match = /^\s*([\w.]+)\s*(<=|>=|==|!=|<|>)\s*([\d.]+\s*(?:ms|s|m|h|%)?)\s*$/.exec(text);
  const [, metric = '', operator = '', written = ''] = match ?? [];
  if (match === null) return `“${text}” does not look like setup.p99<100ms`;
  const measured = measureOf(metric);
  if (measured === undefined) return `“${metric}” is not measured; there are ${METRICS.join(' ')}`;
  const limit = limitOf(written.replace(/\s/g, ''), measured.unit);
  if (limit === undefined) return `“${written}” is no ${WRITTEN[measured.unit]}, which ${metric} is`;
  // the pattern admits these operators only
  return { expression: text.trim(), metric, operator: operator as Threshold['operator'], limit };
}

const WRITTEN: Record<Unit, string> = {
  duration: 'duration, such as 100ms',
  share: 'share, such as 95%',
  number: 'number',
};

/** Holds the thresholds against a run: what was not measured is not met. */
export function judgeThresholds(thresholds: readonly Threshold[], summary: Summary): ThresholdResult[] {
  return thresholds.map(({ expression, metric, operator, limit }) => {
    const actual = measureOf(metric)?.of(summary) ?? null;
    return { expression, actual, isMet: actual !== null && HOLDS[operator](actual, limit) };
  });
}

function measureOf(metric: string): { unit: Unit; of: Measure } | undefined {
  if (Object.hasOwn(NUMBERS, metric)) return NUMBERS[metric];
  const dot = metric.indexOf('.');
  const phase = PHASES.find((each) => each === metric.slice(0, dot));
  const statistic = STATISTICS.find((each) => each === metric.slice(dot + 1));
  if (phase === undefined || statistic === undefined) return undefined;
  return { unit: statistic === 'count' ? 'number' : 'duration', of: (summary) => ofPhase(summary, phase, statistic) };
}

function ofPhase({ phases }: Summary, phase: Phase, statistic: keyof Quantiles): number | null {
  const quantiles = phases[phase];
  return quantiles === undefined ? (statistic === 'count' ? 0 : null) : quantiles[statistic];
}

function limitOf(written: string, unit: Unit): number | undefined {
  if (unit === 'duration') return parseDuration(written);
  const number = Number(unit === 'share' ? written.replace('%', '') : written);
  if (!Number.isFinite(number)) return undefined;
  return unit === 'share' && written.endsWith('%') ? number / 100 : number;
}

function perJoin(total: number, joins: number): number | null {
  return joins === 0 ? null : total / joins;
}
