import type { CallsScenario } from './scenarios/calls.js';
import type { IdleScenario } from './scenarios/idle.js';
import type { RampScenario } from './scenarios/ramp.js';

/** What one round measures on every server. */
export interface Plan {
  calls: CallsScenario[];
  ramp: RampScenario[];
  idle: IdleScenario[];
}

export type ScenarioName = keyof Plan;
export const SCENARIO_NAMES = ['calls', 'ramp', 'idle'] as const satisfies ScenarioName[];

const CALLS = { atOnce: 32, warmUpMs: 2000, measureMs: 4000, maxCalls: 1_000_000 };
const RAMP = { atOnce: 32, limitMs: 60_000 };
const QUICK_CALLS = { atOnce: 16, warmUpMs: 500, measureMs: 1000, maxCalls: 1_000_000 };

/** The figures of docs/performance.md. */
export const FULL_PLAN: Plan = {
  calls: [200, 1000].map((users) => ({ ...CALLS, users })),
  ramp: [200, 400, 800, 1600].map((users) => ({ ...RAMP, users })),
  idle: [{ users: 5000 }],
};

/** Shows within a minute that everything runs; its figures mean little. */
export const QUICK_PLAN: Plan = {
  calls: [{ ...QUICK_CALLS, users: 64 }],
  ramp: [{ ...RAMP, users: 100 }],
  idle: [{ users: 200 }],
};
