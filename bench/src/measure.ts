import { interleave, type Series } from './interleave.js';
import type { Plan } from './plan.js';
import type { Cores } from './processes/cores.js';
import type { ScenarioName } from './scenario-name.js';
import { type CallsMeasurement, type CallsScenario, measureCalls } from './scenarios/calls.js';
import { type ChurnMeasurement, type ChurnScenario, measureChurn } from './scenarios/churn.js';
import { type IdleMeasurement, type IdleScenario, measureIdle } from './scenarios/idle.js';
import { measureNodes, type NodesMeasurement, type NodesScenario } from './scenarios/nodes.js';
import { measurePresence, type PresenceMeasurement, type PresenceScenario } from './scenarios/presence.js';
import { measureRamp, type RampMeasurement, type RampScenario } from './scenarios/ramp.js';
import { type SubjectName, subjectsOf } from './subjects.js';

export interface Results {
  calls: Series<CallsScenario, CallsMeasurement>[];
  ramp: Series<RampScenario, RampMeasurement>[];
  idle: Series<IdleScenario, IdleMeasurement>[];
  presence: Series<PresenceScenario, PresenceMeasurement>[];
  churn: Series<ChurnScenario, ChurnMeasurement>[];
  nodes: Series<NodesScenario, NodesMeasurement>[];
}

interface Options {
  plan: Plan;
  scenarios: ScenarioName[];
  subjects: SubjectName[];
  repeats: number;
  cores: Cores | undefined;
  /** Hears what is being measured. */
  progress: (what: string) => void;
}

type Measure<Scenario, Measurement> = (
  subject: SubjectName,
  cores: Cores | undefined,
  scenario: Scenario,
) => Promise<Measurement | undefined>;

/** Measures everything that is wanted, scenario by scenario. */
export async function measureAll(options: Options): Promise<Results> {
  const { plan, scenarios, subjects, repeats, cores, progress } = options;
  const each = <S extends { users: number }, M>(name: ScenarioName, list: S[], measure: Measure<S, M>) =>
    interleave(
      scenarios.includes(name) ? list : [],
      subjectsOf(name).filter((subject) => subjects.includes(subject)),
      repeats,
      (subject, scenario) => {
        progress(`${name}, ${scenario.users} users: ${subject}`);
        return measure(subject, cores, scenario);
      },
    );
  return {
    calls: await each('calls', plan.calls, measureCalls),
    ramp: await each('ramp', plan.ramp, measureRamp),
    idle: await each('idle', plan.idle, measureIdle),
    presence: await each('presence', plan.presence, measurePresence),
    churn: await each('churn', plan.churn, measureChurn),
    nodes: await each('nodes', plan.nodes, measureNodes),
  };
}
