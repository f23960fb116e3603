import { interleave, type Series } from './interleave.js';
import type { Plan, ScenarioName } from './plan.js';
import type { Cores } from './processes/cores.js';
import { type CallsMeasurement, type CallsScenario, measureCalls } from './scenarios/calls.js';
import { type IdleMeasurement, type IdleScenario, measureIdle } from './scenarios/idle.js';
import { measureRamp, type RampMeasurement, type RampScenario } from './scenarios/ramp.js';
import { SUBJECTS, type SubjectName } from './subjects.js';

export interface Results {
  calls: Series<CallsScenario, CallsMeasurement>[];
  ramp: Series<RampScenario, RampMeasurement>[];
  idle: Series<IdleScenario, IdleMeasurement>[];
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

/** Measures everything that is wanted, scenario by scenario. */
export async function measureAll(options: Options): Promise<Results> {
  const { plan, scenarios, subjects, repeats, cores } = options;
  const wanted = <Scenario>(name: ScenarioName, list: Scenario[]) => (scenarios.includes(name) ? list : []);
  const idleSubjects = subjects.filter((subject) => SUBJECTS[subject].idle);
  return {
    calls: await interleave(wanted('calls', plan.calls), subjects, repeats, (subject, scenario) => {
      options.progress(`calls, ${scenario.users} users: ${subject}`);
      return measureCalls(subject, cores, scenario);
    }),
    ramp: await interleave(wanted('ramp', plan.ramp), subjects, repeats, (subject, scenario) => {
      options.progress(`ramp to ${scenario.users} users: ${subject}`);
      return measureRamp(subject, cores, scenario);
    }),
    idle: await interleave(wanted('idle', plan.idle), idleSubjects, repeats, (subject, scenario) => {
      options.progress(`idle memory of ${scenario.users} users: ${subject}`);
      return measureIdle(subject, cores, scenario);
    }),
  };
}
