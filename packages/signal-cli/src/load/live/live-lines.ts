import { cleanText } from '../../format/clean-text.js';
import { formatDuration } from '../../format/duration.js';
import { fit } from '../../format/text-width.js';
import type { Line, Room } from '../../screen/line.js';
import { OUTCOMES, PHASES } from '../phases.js';
import type { LoadPlan } from '../plan.js';
import type { Sample } from '../result.js';
import type { LiveState } from './live-run.js';
import { type Point, sparkline } from './sparkline.js';

const BAR = 14;
/** From here on a run is DEGRADED, when it happens to one call of a hundred. */
const SLOW_LATE_MS = 20;
const SLOW_LOOP_MS = 25;
/** Where the sparklines begin, and how wide they are at most, in columns. */
const FIGURES = 36;
const WIDEST_SPARK = 60;

/**
 * A run on one screen: where it is, what it does, how long each phase takes, how the generator is.
 *
 * @see SPEC.md, rule LOAD-14
 */
export function liveLines(plan: LoadPlan, state: LiveState, { columns, rows }: Room): Line[] {
  const last = state.samples.at(-1);
  const body = last === undefined ? [{ text: 'starting …' }] : bodyOf(plan, state, last, columns);
  const keys: Line = { text: '+ - a tenth   * / twice, half   p pause   q end', look: 'faint' };
  const notes = state.notes.map((text): Line => ({ text, look: 'faint' }));
  const all = [...body.slice(0, Math.max(0, rows - 2 - notes.length)), ...notes, keys].slice(0, Math.max(1, rows - 1));
  return all.map((line) => ({ ...line, text: fit(cleanText(line.text), columns) }));
}

function bodyOf(plan: LoadPlan, { samples, isPaused }: LiveState, last: Sample, columns: number): Line[] {
  const width = Math.max(1, Math.min(WIDEST_SPARK, columns - FIGURES));
  const spark = (text: string, points: readonly Point[]): Line => ({
    text: `${text.padEnd(FIGURES)}${sparkline(points, width)}`,
  });
  const { counters, generator } = last;
  const { ice } = counters;
  const ended = OUTCOMES.filter((outcome) => counters.outcomes[outcome] > 0);
  const wrong = faultsOf(ice);
  const isSlow = generator.lateMs > SLOW_LATE_MS || generator.loopDelayMs > SLOW_LOOP_MS;
  return [
    { text: `load on ${plan.urls.join(' and ')}${isPaused ? '  PAUSED' : ''}`, look: 'title' },
    { text: `${last.stage.padEnd(8)} ${timeBar(last, plan.durationMs)}  ${last.online} online` },
    { text: '' },
    spark(`calls/s     ${rateOf(samples).toFixed(1)} of ${last.targetPerSecond.toFixed(1)}`, rates(samples)),
    spark(
      `live        ${last.concurrent}`,
      samples.map(({ atMs, concurrent }) => ({ atMs, value: concurrent })),
    ),
    { text: `placed      ${counters.placed}, ${counters.dropped} with nobody free` },
    {
      text: `outcomes    ${ended.map((outcome) => `${counters.outcomes[outcome]} ${outcome}`).join(', ') || 'none yet'}`,
    },
    { text: `candidates  ${ice.received} of ${ice.sent} there${wrong}`, look: wrong === '' ? 'plain' : 'bad' },
    { text: '' },
    { text: 'phase             p50        p99    p99 in the last minute', look: 'title' },
    ...phasesOf(samples, last).map(({ text, p99s }) => spark(text, p99s)),
    { text: '' },
    {
      text: `generator   ${isSlow ? 'SLOW, ' : ''}${generator.cpuPercent.toFixed(0)} % CPU, ${generator.rssMiB.toFixed(0)} MiB, late ${formatDuration(generator.lateMs)}, loop ${formatDuration(generator.loopDelayMs)}`,
      look: isSlow ? 'bad' : 'plain',
    },
  ];
}

/** What happened to candidates that should not; nothing when all is well. */
function faultsOf({ lost, duplicated, reordered, misrouted }: Sample['counters']['ice']): string {
  const faults = [
    [lost, 'LOST'],
    [misrouted, 'ASTRAY'],
    [duplicated, 'twice'],
    [reordered, 'out of order'],
  ] as const;
  return faults.map(([count, what]) => (count === 0 ? '' : `, ${count} ${what}`)).join('');
}

function timeBar({ atMs }: Sample, durationMs: number): string {
  const share = Math.max(0, Math.min(1, atMs / durationMs));
  const full = Math.round(share * BAR);
  return `[${'='.repeat(full)}${' '.repeat(BAR - full)}] ${formatDuration(Math.max(0, atMs))} of ${formatDuration(durationMs)}`;
}

/** Calls a second between each two samples. */
function rates(samples: readonly Sample[]): Point[] {
  return samples.slice(1).map((sample, at) => {
    const before = samples[at] ?? sample;
    const seconds = (sample.atMs - before.atMs) / 1000;
    const value = seconds <= 0 ? 0 : (sample.counters.placed - before.counters.placed) / seconds;
    return { atMs: sample.atMs, value };
  });
}

function rateOf(samples: readonly Sample[]): number {
  const lately = rates(samples).slice(-4);
  return lately.length === 0 ? 0 : lately.reduce((sum, { value }) => sum + value, 0) / lately.length;
}

/** Each phase that has been measured, as it was last. */
function phasesOf(samples: readonly Sample[], last: Sample): { text: string; p99s: Point[] }[] {
  return PHASES.flatMap((phase) => {
    const now = last.recent[phase] ?? samples.findLast(({ recent }) => recent[phase] !== undefined)?.recent[phase];
    if (now === undefined) return [];
    const time = (ms: number) => formatDuration(ms).padStart(10);
    const p99s = samples.map(({ atMs, recent }) => ({ atMs, value: recent[phase]?.p99 ?? 0 }));
    return [{ text: `${phase.padEnd(10)} ${time(now.p50)} ${time(now.p99)}`, p99s }];
  });
}
