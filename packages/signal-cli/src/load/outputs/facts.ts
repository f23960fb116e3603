import { cleanText } from '../../format/clean-text.js';
import { formatDuration } from '../../format/duration.js';
import { OUTCOMES, type Outcome, PHASES } from '../phases.js';
import type { LoadPlan, Span } from '../plan.js';
import type { Summary, ThresholdResult } from '../result.js';
import { formatCount, formatMs, formatShare } from './numbers.js';

/** A name and what is to be said about it. */
export type Fact = [name: string, value: string];

export const PHASE_COLUMNS = ['phase', 'count', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'] as const;

/** How it is written: the codes have underscores. */
export function nameOf(code: Outcome): string {
  return code.replace('_', ' ');
}

/** Durations of each phase in milliseconds, in the order of {@link PHASE_COLUMNS}. */
export function phaseRows({ phases }: Summary): string[][] {
  return PHASES.flatMap((phase) => {
    const found = phases[phase];
    if (found === undefined) return [];
    const { p50, p90, p95, p99, max } = found;
    return [[phase, formatCount(found.count), ...[p50, p90, p95, p99, found['p99.9'], max].map(formatMs)]];
  });
}

/** Outcomes that there were, with their share of the calls placed. */
export function outcomeRows({ counters: { outcomes, placed } }: Summary): [Outcome, string, string][] {
  return OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) => [
    outcome,
    formatCount(outcomes[outcome]),
    placed === 0 ? '—' : formatShare(outcomes[outcome] / placed),
  ]);
}

/** Why calls and steps failed, the most frequent first. */
export function failureRows({ counters: { failures } }: Summary): Fact[] {
  return Object.entries(failures)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => [cleanText(reason), formatCount(count)]);
}

/** What was counted. */
export function callFacts({ counters, asr, ranMs, peakConcurrent }: Summary): Fact[] {
  const { placed, planned, dropped, ice, presence } = counters;
  const perSecond = ranMs === 0 ? 0 : (placed * 1000) / ranMs;
  const perJoin = (total: number) => formatCount(presence.joins === 0 ? 0 : total / presence.joins);
  return [
    ['calls', `${formatCount(placed)} placed of ${formatCount(planned)} due, ${formatCount(dropped)} dropped`],
    ['rate', `${formatCount(perSecond)} calls/s, ${formatCount(peakConcurrent)} at once at most`],
    ['answered', `${formatShare(asr)} of the calls placed`],
    [
      'candidates',
      `${formatCount(ice.sent)} sent, ${formatCount(ice.lost)} lost, ${formatCount(ice.duplicated)} duplicated, ${formatCount(ice.reordered)} out of order, ${formatCount(ice.misrouted)} misrouted`,
    ],
    [
      'presence',
      presence.joins === 0
        ? 'no joins'
        : `${perJoin(presence.bytes)} bytes in ${perJoin(presence.messages)} messages a join`,
    ],
  ];
}

/** What it cost, at either side. */
export function costFacts({ generator, server }: Summary): Fact[] {
  const { cpuMsPerCall, cpuSeconds, peakRssMiB, lateMs, loopDelayMs } = generator;
  return [
    [
      'server CPU',
      server === null
        ? 'not told by the server'
        : `${formatMs(server.cpuMsPerCall)} ms a call, ${formatCount(server.cpuSeconds)} s`,
    ],
    ['generator CPU', `${formatMs(cpuMsPerCall)} ms a call, ${formatCount(cpuSeconds)} s`],
    [
      'generator',
      `${formatCount(peakRssMiB)} MiB, calls ${formatMs(lateMs.p99)} ms late (p99), loop held ${formatMs(loopDelayMs.p99)} ms (p99)`,
    ],
  ];
}

/** What was found, in the unit of what was asked for. */
export function formatActual({ actual, expression }: ThresholdResult): string {
  if (actual === null) return 'not measured';
  if (/\d\s*(ms|s|m|h)\s*$/.test(expression)) return `${formatMs(actual)} ms`;
  return expression.trimEnd().endsWith('%') ? formatShare(actual) : formatCount(actual);
}

/** What the run was told. */
export function planFacts(plan: LoadPlan): Fact[] {
  const { mix } = plan;
  return [
    ['server', plan.urls.map(cleanText).join(', ')],
    ['path', cleanText(plan.path)],
    ['users', `${formatCount(plan.users)}, named ${cleanText(plan.prefix)}…`],
    ['arrivals', arrivalsOf(plan)],
    ['duration', formatDuration(plan.durationMs)],
    ['topology', plan.topology],
    ['hold', spanOf(mix.hold)],
    ['callees think', spanOf(mix.answerDelay)],
    [
      'mix',
      `${formatShare(mix.reject)} rejected, ${formatShare(mix.noAnswer)} not answered, ${formatShare(mix.cancel)} cancelled`,
    ],
    ['media', `SDP ${mix.sdp}, ${mix.ice} candidates a side, ${formatShare(plan.rtcSample)} with a real data channel`],
    ['seed', String(plan.seed)],
    ['workers', formatCount(plan.workers)],
  ];
}

/** `open, poisson: 20/s, 200/s from 1 m 00 s`. */
export function arrivalsOf({ arrivals }: LoadPlan): string {
  if (arrivals.model === 'closed') return `closed, ${formatCount(arrivals.concurrent)} at once`;
  const stages = arrivals.stages.map(({ atMs, perSecond }) =>
    atMs === 0 ? `${formatCount(perSecond)}/s` : `${formatCount(perSecond)}/s at ${formatDuration(atMs)}`,
  );
  return `open, ${arrivals.spacing}: ${stages.join(', ')}`;
}

function spanOf({ kind, ms }: Span): string {
  const length = formatDuration(ms);
  if (kind === 'fixed') return length;
  return kind === 'exp' ? `${length} on average, exponential` : `up to ${length}, uniform`;
}
