import { cleanText } from '../../format/clean-text.js';
import { formatDuration } from '../../format/duration.js';
import { fit } from '../../format/text-width.js';
import type { Line, Room } from '../../screen/line.js';
import { OUTCOMES, PHASES } from '../phases.js';
import type { LoadPlan } from '../plan.js';
import type { Sample } from '../result.js';
import type { LiveState } from './live-run.js';

const BARS = '▁▂▃▄▅▆▇█';
const SPARK = 20;

/**
 * A run on one screen: where it is, what it does, how long each phase takes, how the generator is.
 *
 * @see SPEC.md, rule LOAD-14
 */
export function liveLines(plan: LoadPlan, state: LiveState, { columns, rows }: Room): Line[] {
  const last = state.samples.at(-1);
  const body = last === undefined ? [{ text: 'starting …' }] : bodyOf(plan, state, last);
  const keys: Line = { text: '+ - a tenth   * / twice, half   p pause   q end', look: 'faint' };
  const notes = state.notes.map((text): Line => ({ text, look: 'faint' }));
  const all = [...body.slice(0, Math.max(0, rows - 2 - notes.length)), ...notes, keys].slice(0, Math.max(1, rows - 1));
  return all.map((line) => ({ ...line, text: fit(cleanText(line.text), columns) }));
}

function bodyOf(plan: LoadPlan, { samples, isPaused }: LiveState, last: Sample): Line[] {
  const { counters, generator } = last;
  const { ice } = counters;
  const ended = OUTCOMES.filter((outcome) => counters.outcomes[outcome] > 0);
  const wrong = ice.lost + ice.duplicated + ice.reordered + ice.misrouted + counters.outcomes.failed;
  return [
    { text: `load on ${plan.urls.join(' and ')}${isPaused ? '  PAUSED' : ''}`, look: 'title' },
    { text: `${last.stage.padEnd(8)} ${timeBar(last, plan.durationMs)}  ${last.online} online` },
    { text: '' },
    {
      text: `calls/s     ${rateOf(samples).toFixed(1)} of ${last.targetPerSecond.toFixed(1)}   ${spark(rates(samples))}`,
    },
    { text: `live        ${last.concurrent}   ${spark(samples.map(({ concurrent }) => concurrent))}` },
    { text: `placed      ${counters.placed}, ${counters.dropped} with nobody free` },
    {
      text: `outcomes    ${ended.map((outcome) => `${counters.outcomes[outcome]} ${outcome}`).join(', ') || 'none yet'}`,
    },
    {
      text: `candidates  ${ice.received} of ${ice.sent} there, ${ice.lost} lost, ${ice.duplicated} twice, ${ice.reordered} out of order, ${ice.misrouted} astray`,
      look: wrong > 0 ? 'bad' : 'plain',
    },
    { text: '' },
    { text: 'phase             p50        p99   p99 lately', look: 'title' },
    ...phaseLines(samples, last),
    { text: '' },
    {
      text: `generator   ${generator.cpuPercent.toFixed(0)} % CPU, ${generator.rssMiB.toFixed(0)} MiB, calls ${formatDuration(generator.lateMs)} late, loop held ${formatDuration(generator.loopDelayMs)}`,
      look: generator.lateMs > 20 || generator.loopDelayMs > 25 ? 'bad' : 'plain',
    },
  ];
}

function timeBar({ atMs }: Sample, durationMs: number): string {
  const share = Math.max(0, Math.min(1, atMs / durationMs));
  const full = Math.round(share * SPARK);
  return `[${'='.repeat(full)}${' '.repeat(SPARK - full)}] ${formatDuration(Math.max(0, atMs))} of ${formatDuration(durationMs)}`;
}

/** Calls a second between each two samples. */
function rates(samples: readonly Sample[]): number[] {
  return samples.slice(1).map((sample, at) => {
    const before = samples[at] ?? sample;
    const seconds = (sample.atMs - before.atMs) / 1000;
    return seconds <= 0 ? 0 : (sample.counters.placed - before.counters.placed) / seconds;
  });
}

function rateOf(samples: readonly Sample[]): number {
  const lately = rates(samples).slice(-4);
  return lately.length === 0 ? 0 : lately.reduce((sum, rate) => sum + rate, 0) / lately.length;
}

function phaseLines(samples: readonly Sample[], last: Sample): Line[] {
  return PHASES.flatMap((phase): Line[] => {
    const now = last.recent[phase] ?? samples.findLast(({ recent }) => recent[phase] !== undefined)?.recent[phase];
    if (now === undefined) return [];
    const p99s = samples.map(({ recent }) => recent[phase]?.p99 ?? 0);
    const time = (ms: number) => formatDuration(ms).padStart(10);
    return [{ text: `${phase.padEnd(10)} ${time(now.p50)} ${time(now.p99)}   ${spark(p99s)}` }];
  });
}

/** The last values as bars, the highest of them full. */
export function spark(values: readonly number[]): string {
  const shown = values.slice(-SPARK);
  const highest = Math.max(...shown, 0);
  const bar = (value: number) => BARS[Math.round((highest === 0 ? 0 : value / highest) * (BARS.length - 1))] ?? ' ';
  return shown.map(bar).join('');
}
