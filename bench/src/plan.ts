import type { CallsScenario } from './scenarios/calls.js';
import type { ChurnScenario } from './scenarios/churn.js';
import type { IdleScenario } from './scenarios/idle.js';
import type { NodesScenario } from './scenarios/nodes.js';
import type { PresenceScenario } from './scenarios/presence.js';
import type { RampScenario } from './scenarios/ramp.js';

/** What one round measures on every server. */
export interface Plan {
  calls: CallsScenario[];
  ramp: RampScenario[];
  idle: IdleScenario[];
  presence: PresenceScenario[];
  churn: ChurnScenario[];
  nodes: NodesScenario[];
}

const CALLS = { atOnce: 32, warmUpCalls: 2000, measuredCalls: 4000, limitMs: 20_000 };
const RAMP = { atOnce: 32, limitMs: 40_000 };
const PRESENCE = {
  loneUsers: 3,
  listWatchers: 20,
  legacyUsers: 1600,
  storm: { perSecond: 100, durationMs: 5_000 },
};
const CHURN = {
  users: 1000,
  perSecond: 100,
  stayMs: 500,
  awayMs: 1_000,
  calls: 20,
  candidatesPerSecond: 200,
  warmUpMs: 3_000,
  durationMs: 15_000,
  maxResidentBytes: 2 * 1024 ** 3,
};
const NODES = {
  users: 64,
  idleMs: 5_000,
  candidates: { perSecond: 200, durationMs: 5_000 },
  atOnce: 16,
  warmUpCalls: 300,
  measuredCalls: 1_000,
  online: 10_000,
  joins: 200,
};

/** The figures of docs/performance.md. */
export const FULL_PLAN: Plan = {
  calls: [200, 1000].map((users) => ({ ...CALLS, users })),
  ramp: [200, 400, 800, 1600].map((users) => ({ ...RAMP, users })),
  idle: [{ users: 5000 }],
  presence: [200, 400, 800, 1600, 3200].map((users) => ({ ...PRESENCE, users })),
  churn: [CHURN],
  nodes: [NODES],
};

/** Shows within a minute that everything runs; its figures mean little. */
export const QUICK_PLAN: Plan = {
  calls: [{ ...CALLS, users: 64, warmUpCalls: 200, measuredCalls: 400 }],
  ramp: [{ ...RAMP, users: 100 }],
  idle: [{ users: 200 }],
  presence: [{ ...PRESENCE, users: 64, loneUsers: 1, storm: { perSecond: 50, durationMs: 1_000 } }],
  churn: [{ ...CHURN, users: 64, perSecond: 20, warmUpMs: 500, durationMs: 1_500 }],
  nodes: [
    {
      ...NODES,
      users: 16,
      idleMs: 1_000,
      candidates: { perSecond: 100, durationMs: 1_000 },
      atOnce: 4,
      warmUpCalls: 20,
      measuredCalls: 60,
      online: 100,
      joins: 20,
    },
  ],
};
