import { OUTCOMES, type Outcome, PHASES, type Phase } from '../../phases.js';
import type { Counters, Sample } from '../../result.js';

/** A stretch of the run, as wide as a chart can show. */
export interface Step {
  fromMs: number;
  toMs: number;
  /** Calls a second: asked for, and placed. */
  target: number;
  placed: number;
  /** The most calls that lived at once. */
  concurrent: number;
  /** Calls a second that ended so. */
  ended: Record<Outcome, number>;
  /** The worst of the samples in it, in milliseconds: quantiles cannot be averaged. */
  worst: Partial<Record<Phase, { p50: number; p99: number }>>;
}

/** Takes samples together, so that there are so many steps at most; no peak gets lost. */
export function stepsOf(samples: readonly Sample[], most: number): Step[] {
  const size = Math.max(1, Math.ceil((samples.length - 1) / most));
  const steps: Step[] = [];
  for (let at = 1; at < samples.length; at += size) {
    const before = samples[at - 1];
    const some = samples.slice(at, at + size);
    const last = some.at(-1);
    if (before !== undefined && last !== undefined) steps.push(stepOf(before, some, last));
  }
  return steps;
}

function stepOf(before: Sample, some: readonly Sample[], last: Sample): Step {
  const seconds = (last.atMs - before.atMs) / 1000;
  const perSecond = (count: (counters: Counters) => number) =>
    seconds <= 0 ? 0 : (count(last.counters) - count(before.counters)) / seconds;
  const ended = OUTCOMES.map((outcome) => [outcome, perSecond(({ outcomes }) => outcomes[outcome])]);
  return {
    fromMs: before.atMs,
    toMs: last.atMs,
    target: last.targetPerSecond,
    placed: perSecond(({ placed }) => placed),
    concurrent: Math.max(...some.map(({ concurrent }) => concurrent)),
    // made of all outcomes
    ended: Object.fromEntries(ended) as Record<Outcome, number>,
    worst: Object.fromEntries(PHASES.flatMap((phase) => worstOf(phase, some))),
  };
}

function worstOf(phase: Phase, some: readonly Sample[]): [Phase, { p50: number; p99: number }][] {
  const found = some.flatMap(({ recent }) => recent[phase] ?? []);
  if (found.length === 0) return [];
  const most = (of: 'p50' | 'p99') => Math.max(...found.map((quantiles) => quantiles[of]));
  return [[phase, { p50: most('p50'), p99: most('p99') }]];
}
