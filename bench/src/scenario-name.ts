/** What can be measured, by the names that the command line knows. */
export const SCENARIO_NAMES = ['calls', 'ramp', 'idle', 'presence', 'churn', 'nodes'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];
