import { formatDuration } from '../format/duration.js';
import type { Sample } from './result.js';

/** One line of a run: where it is, what it does, how long it takes. */
export function plainLine({ atMs, stage, online, concurrent, targetPerSecond, counters, recent }: Sample): string {
  if (stage === 'joining') return `joining    ${online} online`;
  const at = `${(Math.max(0, atMs) / 1000).toFixed(1).padStart(6)} s`;
  const failed = counters.outcomes.failed > 0 ? `, ${counters.outcomes.failed} failed` : '';
  const dropped = counters.dropped > 0 ? `, ${counters.dropped} not placed` : '';
  const setup = recent.setup === undefined ? '' : `  setup p99 ${formatDuration(recent.setup.p99)}`;
  const rate = targetPerSecond > 0 ? `  ${targetPerSecond.toFixed(0)}/s` : '';
  return `${stage.padEnd(8)} ${at}${rate}  ${concurrent} live  ${counters.placed} placed${failed}${dropped}${setup}`;
}
