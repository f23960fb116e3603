import type { SubjectName } from './subjects.js';

/** All rounds of one scenario: the measurements of each server, one a round. */
export interface Series<Scenario, Measurement> {
  scenario: Scenario;
  measured: Map<SubjectName, Measurement[]>;
}

/**
 * Measures server after server, round after round: A B C, A B C, so that a machine that grows slower or faster
 * does so for every server alike.
 *
 * @param measure - gives nothing for what is beyond a server
 */
export async function interleave<Scenario, Measurement>(
  scenarios: Scenario[],
  subjects: SubjectName[],
  repeats: number,
  measure: (subject: SubjectName, scenario: Scenario) => Promise<Measurement | undefined>,
): Promise<Series<Scenario, Measurement>[]> {
  const series = scenarios.map((scenario) => ({ scenario, measured: new Map<SubjectName, Measurement[]>() }));
  for (let round = 0; round < repeats; round += 1) {
    for (const { scenario, measured } of series) {
      for (const subject of subjects) {
        const measurement = await measure(subject, scenario);
        if (measurement !== undefined) measured.set(subject, [...(measured.get(subject) ?? []), measurement]);
      }
    }
  }
  return series;
}
