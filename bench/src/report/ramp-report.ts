import type { Series } from '../interleave.js';
import type { RampMeasurement, RampScenario } from '../scenarios/ramp.js';
import { SUBJECTS } from '../subjects.js';
import { figure, spreadOf, withRange } from './figures.js';
import { costOfJoin, meanCostOfRamp } from './legacy-cost.js';
import { table } from './table.js';

type RampSeries = Series<RampScenario, RampMeasurement>;

const HEAD = ['server', 'users', 'joined', 'wall, s', 'MB to clients', 'KB per join'];

/** The ramp table of all numbers of users, and what the same joins cost the legacy server. */
export function reportRamp(series: readonly RampSeries[]): string {
  const rows = series.flatMap(({ scenario, measured }) =>
    [...measured].map(([subject, rounds]) => [
      SUBJECTS[subject].title,
      scenario.users.toLocaleString('en'),
      withRange(spreadOf(rounds, (one) => one.joined)),
      withRange(spreadOf(rounds, (one) => one.wallSeconds)),
      figure(spreadOf(rounds, (one) => one.bytes / 1e6).median),
      figure(spreadOf(rounds, (one) => one.bytes / one.joined / 1e3).median),
    ]),
  );
  const [first] = series;
  if (first === undefined) return '';
  const { atOnce, limitMs } = first.scenario;
  const title = `### Join ramp: ${atOnce} users connecting at once, at most ${limitMs / 1000} s`;
  return [title, table(HEAD, rows), compareWithLegacy(series)].filter((part) => part !== '').join('\n\n');
}

/** The legacy server does not get to large numbers, so its cost there is computed, and says so. */
function compareWithLegacy(series: readonly RampSeries[]): string {
  const lists = series.flatMap(({ measured }) => (measured.get('legacy') ?? []).map(({ list }) => list));
  const largest = lists.reduce((one, other) => (other.users > one.users ? other : one), { users: 0, bytes: 0 });
  if (largest.users === 0) return '';
  const perUser = largest.bytes / largest.users;
  const rows = series.flatMap(({ scenario, measured }) => {
    const ours = spreadOf(measured.get('ours'), (one) => one.bytes / one.joined).median;
    if (Number.isNaN(ours)) return [];
    const mean = meanCostOfRamp(scenario.users, perUser);
    const last = costOfJoin(scenario.users, perUser);
    return [
      [
        String(scenario.users),
        ...[ours, mean, last].map((bytes) => figure(bytes / 1e3)),
        `1/${figure(mean / ours)}`,
        `1/${figure(last / ours)}`,
      ],
    ];
  });
  if (rows.length === 0) return '';
  const head = [
    'users',
    'KB per join, measured',
    'legacy, mean of the ramp',
    'legacy, one join at N',
    'of the mean',
    'of one join',
  ];
  return [
    `signal-core against the legacy server. The legacy columns are **computed**: list bytes × recipients, from the largest list it was seen to send (${figure(largest.bytes / 1e3)} KB for ${largest.users} users, ${figure(perUser)} bytes each). Kilobytes.`,
    table(head, rows),
  ].join('\n\n');
}
