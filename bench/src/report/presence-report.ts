import type { Series } from '../interleave.js';
import type { PresenceMeasurement, PresenceScenario } from '../scenarios/presence.js';
import { figure, spreadOf } from './figures.js';
import { table } from './table.js';

type PresenceSeries = Series<PresenceScenario, PresenceMeasurement>;

const HEAD = [
  'users online',
  '`delta`: a join',
  'a leave',
  'the most',
  'in a storm, a change',
  'server busy in it',
  'lists: a join',
  'a leave',
  'legacy server: a join',
  'a leave',
];

/** Bytes of one change to one watcher, by the number of users online. */
export function reportPresence(series: readonly PresenceSeries[]): string {
  const [first] = series;
  if (first === undefined) return '';
  const rows = series.map(({ scenario, measured }) => {
    const of = (rounds: readonly PresenceMeasurement[] | undefined, read: (one: PresenceMeasurement) => number) =>
      figure(spreadOf(rounds, read).median);
    const [delta, lists, legacy] = [measured.get('delta'), measured.get('ours'), measured.get('legacy')];
    const most = spreadOf(delta, ({ join, leave }) => Math.max(join.max, leave.max)).max;
    return [
      scenario.users.toLocaleString('en'),
      of(delta, ({ join }) => join.mean),
      of(delta, ({ leave }) => leave.mean),
      figure(most),
      of(delta, ({ storm }) => storm?.bytesPerChange ?? Number.NaN),
      `${of(delta, ({ storm }) => (storm?.serverBusy ?? Number.NaN) * 100)} %`,
      of(lists, ({ join }) => join.mean),
      of(lists, ({ leave }) => leave.mean),
      legacy === undefined ? computedList(series, scenario.users + 1) : of(legacy, ({ join }) => join.mean),
      legacy === undefined ? computedList(series, scenario.users) : of(legacy, ({ leave }) => leave.mean),
    ];
  });
  const { storm, listWatchers } = first.scenario;
  return [
    '### Presence: bytes that one join or leave costs each who watches',
    table(HEAD, rows),
    `All users watch, with lists ${listWatchers} of them. In a storm ${storm.perSecond} join and ${storm.perSecond} leave a second, to ${storm.durationMs / 1000} s. What is marked *computed* is users × bytes of a user in the largest list that the legacy server was seen to send.`,
  ].join('\n\n');
}

/** The legacy server sends the whole list each time; beyond where it was run, its bytes are computed, and say so. */
function computedList(series: readonly PresenceSeries[], users: number): string {
  const seen = series.flatMap(({ scenario, measured }) =>
    (measured.get('legacy') ?? []).map(({ leave }) => ({ users: scenario.users, bytes: leave.mean })),
  );
  const largest = seen.reduce((one, other) => (other.users > one.users ? other : one), { users: 0, bytes: 0 });
  if (largest.users === 0) return figure(Number.NaN);
  return `${figure((largest.bytes / largest.users) * users)} *computed*`;
}
