import type { Series } from '../interleave.js';
import type { Cost } from '../scenarios/cost-of-nodes.js';
import {
  type JoinMeasurement,
  NODES_OF,
  type NodesMeasurement,
  type NodesScenario,
  WAYS,
  type Way,
  type WayMeasurement,
} from '../scenarios/nodes.js';
import { SUBJECTS } from '../subjects.js';
import { figure, ratio, spreadOf, withRange } from './figures.js';
import { spread } from './statistics.js';
import { table } from './table.js';

const TITLES: Record<Way, string> = { alone: 'one node', same: 'one of two nodes', across: 'two nodes of three' };
const COST_HEAD = ['stream entries', 'scripts', 'Redis commands', 'bytes to Redis', 'bytes from Redis'];
const CANDIDATE_HEAD = ['Redis CPU, µs', 'CPU of the ends’ nodes, µs', 'of another node, µs', 'p50, ms', 'p99, ms'];
const CALL_HEAD = [
  'Redis CPU, ms',
  'CPU of the ends’ nodes, ms',
  'of another node, ms',
  'calls/s on one core for all',
  'with a core a node, *computed*',
  'of one node',
  'failed',
];

/** The tables of what several nodes cost. */
export function reportNodes({ scenario, measured }: Series<NodesScenario, NodesMeasurement>): string {
  const rows = [...measured].flatMap(([subject, rounds]) =>
    WAYS.map((way) => ({
      title: SUBJECTS[subject].title,
      way,
      rounds: rounds.map(({ ways }) => ways[way]),
      all: rounds,
    })),
  );
  const joins = [...measured.values()].flat().flatMap(({ join }) => (join === undefined ? [] : [join]));
  const { perSecond, durationMs } = scenario.candidates;
  return [
    `### Several nodes: one candidate, of ${perSecond} a second for ${figure(durationMs / 1000)} s`,
    table(
      ['server', 'both ends at', ...COST_HEAD, ...CANDIDATE_HEAD],
      rows.map(({ title, way, rounds }) => [
        title,
        TITLES[way],
        ...costCells(rounds.map(({ candidate }) => candidate)),
        ...cpuCells(rounds, way, ({ candidate }) => candidate, 1),
        withRange(spreadOf(rounds, (one) => one.candidateP50Ms)),
        withRange(spreadOf(rounds, (one) => one.candidateP99Ms)),
      ]),
    ),
    `### Several nodes: one call of 23 messages, ${scenario.atOnce} at once`,
    table(
      ['server', 'both ends at', ...COST_HEAD, ...CALL_HEAD],
      rows.map(({ title, way, rounds, all }) => [
        title,
        TITLES[way],
        ...costCells(rounds.map(({ call }) => call)),
        ...cpuCells(rounds, way, ({ call }) => call, 1000),
        withRange(spreadOf(rounds, (one) => one.callsPerSecond)),
        withRange(spreadOf(rounds, callsWithCores(way))),
        ratio(
          spreadOf(rounds, callsWithCores(way)),
          spreadOf(
            all.map(({ ways }) => ways.alone),
            callsWithCores('alone'),
          ),
        ),
        String(rounds.reduce((sum, { failed }) => sum + failed, 0)),
      ]),
    ),
    ...(joins.length > 0 ? [reportJoins(scenario, joins)] : []),
  ].join('\n\n');
}

function reportJoins({ online }: NodesScenario, joins: readonly JoinMeasurement[]): string {
  const rest = (cost: Cost) => [
    ...[cost.redisMicros, cost.nodeMicros[0] ?? Number.NaN, cost.nodeMicros[1] ?? Number.NaN].map(figure),
  ];
  const cells = (read: (one: JoinMeasurement) => Cost) => {
    const [first] = joins;
    return first === undefined ? [] : [...costCells(joins.map(read)), ...rest(read(first))];
  };
  const start = (read: (one: JoinMeasurement['start']) => number) =>
    withRange(spreadOf(joins, ({ start: one }) => read(one)));
  const users = online.toLocaleString('en');
  return [
    `### Several nodes: ${users} users online at two nodes, none of whom watches presence`,
    table(
      ['', ...COST_HEAD, 'Redis CPU, µs', 'CPU of the node, µs', 'of the other node, µs'],
      [
        ['a join', ...cells(({ join }) => join)],
        ['a second of rest', ...cells(({ idle }) => idle)],
      ],
    ),
    `A third node was ready ${start(({ ms }) => ms)} ms after its process was started; it read ${start(({ bytes }) => bytes)} bytes ` +
      `with ${start(({ commands }) => commands)} commands, for ${start(({ redisCpuMs }) => redisCpuMs)} ms of Redis and ` +
      `${start(({ nodeCpuMs }) => nodeCpuMs)} ms of its own, with all that a process does to begin.`,
  ].join('\n\n');
}

function costCells(costs: readonly Cost[]): string[] {
  const cell = (read: (cost: Cost) => number) => count(spread(costs.map(read)).median);
  return [
    cell(({ entries }) => entries),
    cell(({ scripts }) => scripts),
    cell(({ commands }) => commands),
    figure(Math.max(0, spread(costs.map(({ bytesIn }) => bytesIn)).median)),
    figure(Math.max(0, spread(costs.map(({ bytesOut }) => bytesOut)).median)),
  ];
}

/** How many calls a second the nodes that hold the ends have CPU for. */
function callsWithCores(way: Way): (one: WayMeasurement) => number {
  const holders = Math.min(2, NODES_OF[way]);
  return ({ call }) => (holders * 1e6) / sum(call.nodeMicros.slice(0, holders));
}

/** Redis, the nodes that hold an end, and the one that holds none. */
function cpuCells(
  rounds: readonly WayMeasurement[],
  way: Way,
  read: (one: WayMeasurement) => Cost,
  micros: number,
): string[] {
  const of = (cpu: (cost: Cost) => number) => withRange(spreadOf(rounds, (one) => cpu(read(one)) / micros));
  const holders = Math.min(2, NODES_OF[way]);
  return [
    of(({ redisMicros }) => redisMicros),
    of(({ nodeMicros }) => sum(nodeMicros.slice(0, holders))),
    NODES_OF[way] > holders ? of(({ nodeMicros }) => sum(nodeMicros.slice(holders))) : '–',
  ];
}

function sum(list: readonly number[]): number {
  return list.reduce((all, one) => all + one, 0);
}

/** What goes on besides is taken off, and leaves something a little above or below nothing. */
function count(value: number): string {
  return Math.abs(value) < 0.005 ? '0' : value.toFixed(2);
}
