import { OUTCOMES, type Outcome, PHASES, type Phase } from '../phases.js';
import type { Summary } from '../result.js';

/** A figure of two runs; null was not measured. */
export interface Change {
  before: number | null;
  after: number | null;
  /** How many times as much the second is. */
  ratio: number | null;
}

/** A run held against an earlier one. */
export interface Diff {
  /** What the runs were told, and where they ran, that is not the same. */
  differences: { what: string; before: string; after: string }[];
  /** In milliseconds. */
  phases: { phase: Phase; p50: Change; p99: Change }[];
  /** Shares of the calls placed, from 0 to 1. */
  outcomes: { outcome: Outcome; share: Change }[];
  /** What should be none, or little. */
  faults: { what: string; count: Change }[];
  /** In milliseconds a call. */
  cpu: { server: Change; generator: Change };
}

const FAULTS: readonly { what: string; of(summary: Summary): number | undefined }[] = [
  { what: 'orphaned calls', of: ({ audit }) => audit.orphans.length },
  { what: 'candidates lost', of: ({ counters }) => counters.ice.lost },
  { what: 'presence bytes a join', of: ({ counters: { presence } }) => perJoin(presence.bytes, presence.joins) },
  { what: 'presence messages a join', of: ({ counters: { presence } }) => perJoin(presence.messages, presence.joins) },
];

/** @see SPEC.md, rule REPORT-10 */
export function diffSummaries(before: Summary, after: Summary): Diff {
  const phases = PHASES.filter((phase) => (before.phases[phase] ?? after.phases[phase]) !== undefined);
  const outcomes = OUTCOMES.filter(
    (outcome) => before.counters.outcomes[outcome] + after.counters.outcomes[outcome] > 0,
  );
  return {
    differences: differencesOf(before, after),
    phases: phases.map((phase) => ({
      phase,
      p50: change(before.phases[phase]?.p50, after.phases[phase]?.p50),
      p99: change(before.phases[phase]?.p99, after.phases[phase]?.p99),
    })),
    outcomes: outcomes.map((outcome) => ({
      outcome,
      share: change(shareOf(outcome, before), shareOf(outcome, after)),
    })),
    faults: FAULTS.map(({ what, of }) => ({ what, count: change(of(before), of(after)) })),
    cpu: {
      server: change(before.server?.cpuMsPerCall, after.server?.cpuMsPerCall),
      generator: change(before.generator.cpuMsPerCall, after.generator.cpuMsPerCall),
    },
  };
}

/**
 * What of the second run is worse, and by more than that: the p99 of its phases, and the server's CPU. What was only
 * measured in the first is, too: a server that answers nobody is not fast.
 *
 * @param limit - 0.2 is by a fifth
 */
export function worseIn({ phases, cpu }: Diff, limit: number): { metric: string; change: Change }[] {
  const figures = [
    ...phases.map(({ phase, p99 }) => ({ metric: `${phase}.p99`, change: p99 })),
    { metric: 'server_cpu', change: cpu.server },
  ];
  return figures.filter(({ change: { before, after, ratio } }) =>
    ratio === null ? before !== null && after === null : ratio - 1 > limit,
  );
}

function change(before: number | undefined, after: number | undefined): Change {
  if (before === undefined || after === undefined) return { before: before ?? null, after: after ?? null, ratio: null };
  return { before, after, ratio: before === after ? 1 : after / before };
}

function perJoin(total: number, joins: number): number | undefined {
  return joins === 0 ? undefined : total / joins;
}

function shareOf(outcome: Outcome, { counters: { outcomes, placed } }: Summary): number {
  return placed === 0 ? 0 : outcomes[outcome] / placed;
}

function differencesOf(before: Summary, after: Summary): Diff['differences'] {
  const [first, second] = [before, after].map(({ plan, environment }) => leavesOf({ plan, environment }));
  const names = new Set([...(first?.keys() ?? []), ...(second?.keys() ?? [])]);
  return [...names].flatMap((what) => {
    const [was, is] = [first?.get(what) ?? '—', second?.get(what) ?? '—'];
    return was === is ? [] : [{ what, before: was, after: is }];
  });
}

/** Every plain value by its path. */
function leavesOf(value: unknown, path: readonly string[] = []): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path.join('.'), String(value)]]);
  return new Map(Object.entries(value).flatMap(([name, below]) => [...leavesOf(below, [...path, name])]));
}
