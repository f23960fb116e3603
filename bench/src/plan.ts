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

const CALLS = { atOnce: 32, warmUpCalls: 2000, measuredCalls: 4000, limitMs: 20_000 };
const RAMP = { atOnce: 32, limitMs: 40_000 };

/** The figures of docs/performance.md. */
export const FULL_PLAN: Plan = {
  calls: [200, 1000].map((users) => ({ ...CALLS, users })),
  ramp: [200, 400, 800, 1600].map((users) => ({ ...RAMP, users })),
  idle: [{ users: 5000 }],
};

/** Shows within a minute that everything runs; its figures mean little. */
export const QUICK_PLAN: Plan = {
  calls: [{ ...CALLS, users: 64, warmUpCalls: 200, measuredCalls: 400 }],
  ramp: [{ ...RAMP, users: 100 }],
  idle: [{ users: 200 }],
};
