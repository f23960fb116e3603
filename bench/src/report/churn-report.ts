import type { Series } from '../interleave.js';
import type { ChurnMeasurement, ChurnScenario } from '../scenarios/churn.js';
import { SUBJECTS } from '../subjects.js';
import { figure, ratio, spreadOf, withRange } from './figures.js';
import { table } from './table.js';

const HEAD = [
  'server',
  'watchers get',
  'candidate p50, ms',
  'p99, ms',
  'of `ws`',
  'max, ms',
  'missing',
  'joins/s',
  'leaves/s',
  'MB/s to watchers',
  'server busy',
  'driver busy',
  'driver late p99, ms',
];

const WATCHERS = { none: 'nothing', lists: 'lists', changes: 'changes' } as const;

/** The churn table. */
export function reportChurn({ scenario, measured }: Series<ChurnScenario, ChurnMeasurement>): string {
  const p99 = (of: readonly ChurnMeasurement[] | undefined) => spreadOf(of, (one) => one.candidateP99Ms);
  const median = (of: readonly ChurnMeasurement[], read: (one: ChurnMeasurement) => number) =>
    figure(spreadOf(of, read).median);
  const most = (of: readonly ChurnMeasurement[], read: (one: ChurnMeasurement) => number) =>
    figure(spreadOf(of, read).max);

  const rows = [...measured].map(([subject, rounds]) => {
    const atLeast = rounds.some(({ missing }) => missing > 0) ? '≥ ' : '';
    return [
      SUBJECTS[subject].title,
      WATCHERS[SUBJECTS[subject].presence],
      atLeast + median(rounds, (one) => one.candidateP50Ms),
      atLeast + withRange(p99(rounds)),
      atLeast + ratio(p99(rounds), p99(measured.get('ws'))),
      atLeast + most(rounds, (one) => one.candidateMaxMs),
      String(rounds.reduce((sum, { missing }) => sum + missing, 0)),
      median(rounds, (one) => one.joinsPerSecond),
      median(rounds, (one) => one.leavesPerSecond),
      median(rounds, (one) => one.megabytesPerSecond),
      `${median(rounds, (one) => one.serverBusy * 100)} %`,
      `${median(rounds, (one) => one.driverBusy * 100)} %`,
      median(rounds, (one) => one.lateP99Ms),
    ];
  });
  const { users, perSecond, calls, candidatesPerSecond, durationMs } = scenario;
  const title = `### Churn: ${users.toLocaleString('en')} users, ${perSecond} joins and ${perSecond} leaves a second, ${candidatesPerSecond} candidates a second in ${calls} calls, ${durationMs / 1000} s`;
  const notes = [...measured].flatMap(([subject, rounds]) => cutShort(subject, rounds, scenario));
  return [title, table(HEAD, rows), ...notes].join('\n\n');
}

function cutShort(subject: keyof typeof SUBJECTS, rounds: readonly ChurnMeasurement[], scenario: ChurnScenario) {
  const stopped = rounds.filter(({ isCutShort }) => isCutShort);
  if (stopped.length === 0) return [];
  const seconds = withRange(spreadOf(stopped, (one) => one.seconds));
  return [
    `${SUBJECTS[subject].title}: stopped after ${seconds} s, as ${figure(scenario.maxResidentBytes / 1024 ** 3)} GB were waiting to be sent. Candidates that had not arrived count with the time that they had had: the truth is more.`,
  ];
}
