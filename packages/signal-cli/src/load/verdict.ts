import type { Quantiles, Verdict } from './result.js';

/** How well the generator kept its own promise. */
export interface GeneratorFigures {
  /** Delay of the workers' event loops. */
  loopDelayMs: Quantiles;
  /** How late calls were placed. */
  lateMs: Quantiles;
  /** Calls that were due. */
  planned: number;
  /** Those that nobody was free for. */
  dropped: number;
}

interface Check {
  /** Of what the limits are. */
  of(figures: GeneratorFigures): number;
  /** Over the first it is DEGRADED, over the second INVALID. */
  limits: readonly [number, number];
  what(amount: number): string;
  remedy: string;
}

const FASTER = 'use more --workers, fewer calls a second, or a machine of its own for the generator';
const inMs = (ms: number) => `${ms.toFixed(1)} ms`;

const CHECKS: readonly Check[] = [
  {
    of: ({ lateMs }) => lateMs.p99,
    limits: [20, 100],
    what: (ms) => `1 % of the calls were placed more than ${inMs(ms)} late`,
    remedy: FASTER,
  },
  {
    of: ({ loopDelayMs }) => loopDelayMs.p99,
    limits: [25, 100],
    what: (ms) => `the generator's event loop was held up for ${inMs(ms)} or more, 1 % of the time`,
    remedy: FASTER,
  },
  {
    of: ({ dropped, planned }) => (planned === 0 ? 0 : dropped / planned),
    limits: [0, 0.01],
    what: (share) => `${(share * 100).toFixed(2)} % of the calls were not placed, since no pair of users was free`,
    remedy: 'use more --users, or a shorter --hold',
  },
];

/**
 * Whether what was measured is of the server, or of the generator.
 *
 * @see SPEC.md, rule LOAD-5
 */
export function judgeGenerator(figures: GeneratorFigures): Verdict {
  const found = CHECKS.map((check) => ({ ...check, amount: check.of(figures) }));
  const reasons = found
    .filter(({ amount, limits: [degraded] }) => amount > degraded)
    .map(({ amount, what, remedy }) => ({ what: what(amount), remedy }));
  const isInvalid = found.some(({ amount, limits: [, invalid] }) => amount > invalid);
  return { status: isInvalid ? 'INVALID' : reasons.length > 0 ? 'DEGRADED' : 'VALID', reasons };
}
