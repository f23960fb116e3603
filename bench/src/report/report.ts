import type { Results } from '../measure.js';
import { reportCalls } from './calls-report.js';
import { reportIdle } from './idle-report.js';
import { reportRamp } from './ramp-report.js';

/** All tables as Markdown. */
export function report({ calls, ramp, idle }: Results, machine: string, repeats: number): string {
  const rounds = repeats === 1 ? 'one round' : `medians of ${repeats} interleaved rounds (min–max)`;
  const parts = [`${machine} · ${rounds}`, ...calls.map(reportCalls), reportRamp(ramp), ...idle.map(reportIdle)];
  return parts.filter((part) => part !== '').join('\n\n');
}
