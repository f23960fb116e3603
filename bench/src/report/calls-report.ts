import type { Series } from '../interleave.js';
import type { CallsMeasurement, CallsScenario } from '../scenarios/calls.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';
import { figure, ratio, spreadOf, withRange } from './figures.js';
import { table } from './table.js';

const HEAD = [
  'server',
  'calls per CPU-s',
  'of `ws`',
  'of Socket.IO',
  'calls/s',
  'candidate p50, ms',
  'p99, ms',
  'server busy',
  'driver busy',
  'calls',
  'failed',
];

/** The calls table of one number of users. */
export function reportCalls({ scenario, measured }: Series<CallsScenario, CallsMeasurement>): string {
  const rate = (of: readonly CallsMeasurement[] | undefined) => spreadOf(of, (one) => one.callsPerCpuSecond);
  const median = (of: readonly CallsMeasurement[], read: (one: CallsMeasurement) => number) =>
    figure(spreadOf(of, read).median);
  const sum = (of: readonly CallsMeasurement[], read: (one: CallsMeasurement) => number) =>
    of.reduce((total, one) => total + read(one), 0).toLocaleString('en');

  const rows = [...measured].map(([subject, rounds]) => [
    SUBJECTS[subject].title,
    withRange(rate(rounds)),
    ratio(rate(rounds), rate(measured.get('ws'))),
    ratio(rate(rounds), rate(measured.get('socketio'))),
    median(rounds, (one) => one.callsPerSecond),
    median(rounds, (one) => one.candidateP50Ms),
    median(rounds, (one) => one.candidateP99Ms),
    `${median(rounds, (one) => one.serverBusy * 100)} %`,
    `${median(rounds, (one) => one.driverBusy * 100)} %`,
    sum(rounds, (one) => one.completed),
    sum(rounds, (one) => one.failed),
  ]);
  const faults = [...measured].flatMap(([subject, rounds]) =>
    rounds.flatMap(({ firstFault }) =>
      firstFault === undefined ? [] : [`- ${subject} failed first with: ${firstFault}`],
    ),
  );
  const title = `### Calls: ${scenario.users.toLocaleString('en')} users, ${scenario.atOnce} calls at once`;
  return [
    title,
    table(HEAD, rows),
    ...gain(measured),
    ...costOfGuards(measured),
    ...(faults.length > 0 ? [faults.join('\n')] : []),
  ].join('\n\n');
}

/** What the same server does for a client that says the same in fewer messages. */
function gain(measured: ReadonlyMap<SubjectName, readonly CallsMeasurement[]>): string[] {
  const rate = (subject: SubjectName) => spreadOf(measured.get(subject), (one) => one.callsPerCpuSecond);
  const [ours, batching, unacknowledged] = [rate('ours'), rate('batching'), rate('unacknowledged')];
  if (Number.isNaN(ours.median + batching.median)) return [];
  const without = Number.isNaN(unacknowledged.median)
    ? ''
    : `; ${ratio(unacknowledged, ours)} times without acknowledgements`;
  return [
    `The batching client gets ${ratio(batching, ours)} times as many calls out of a CPU-second as legacy clients of the same server${without}.`,
  ];
}

/** What tokens and limits leave of the calls of a server without either. */
function costOfGuards(measured: ReadonlyMap<SubjectName, readonly CallsMeasurement[]>): string[] {
  const rate = (subject: SubjectName) => spreadOf(measured.get(subject), (one) => one.callsPerCpuSecond);
  const [guarded, unguarded] = [rate('guarded'), rate('unguarded')];
  if (Number.isNaN(guarded.median + unguarded.median)) return [];
  return [`With tokens and limits it sets up ${ratio(guarded, unguarded)} of the calls that it does without either.`];
}
