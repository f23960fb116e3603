import type { Results } from '../measure.js';
import type { ScenarioName } from '../scenario-name.js';
import { reportCalls } from './calls-report.js';
import { reportChurn } from './churn-report.js';
import { reportIdle } from './idle-report.js';
import { reportNodes } from './nodes-report.js';
import { reportPresence } from './presence-report.js';
import { reportRamp } from './ramp-report.js';

/** The tables of a scenario as Markdown, with what they were measured by. */
export interface Section {
  scenario: ScenarioName;
  markdown: string;
}

/** A section for each scenario that was measured. */
export function report(results: Results, machine: string, repeats: number): Section[] {
  const { calls, ramp, idle, presence, churn, nodes } = results;
  const rounds = repeats === 1 ? 'one round' : `medians of ${repeats} interleaved rounds (min–max)`;
  const tables: Record<ScenarioName, string[]> = {
    calls: calls.map(reportCalls),
    ramp: [reportRamp(ramp)],
    idle: idle.map(reportIdle),
    presence: [reportPresence(presence)],
    churn: churn.map(reportChurn),
    nodes: nodes.map(reportNodes),
  };
  // The keys of `tables` are the names of the scenarios.
  return (Object.entries(tables) as [ScenarioName, string[]][]).flatMap(([scenario, texts]) => {
    const whole = texts.filter((text) => text !== '').join('\n\n');
    return whole === '' ? [] : [{ scenario, markdown: `${whole}\n\n${machine} · ${rounds}` }];
  });
}
