import { figure } from '../report/figures.js';
import { table } from '../report/table.js';
import {
  type Constants,
  type Load,
  nodeLoad,
  presenceBytes,
  ratesOf,
  redisBytes,
  redisLoad,
  redisRequests,
  TOLD,
} from './arithmetic.js';

const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

/** What so much load costs, a column for each. */
export function scalingTables(loads: readonly Load[], constants: Constants): string {
  const head = ['', ...loads.map(titleOf)];
  const row = (title: string, read: (load: Load) => number) => [title, ...loads.map((load) => figure(read(load)))];
  const part = (name: string) => row(`… ${name}`, (load) => redisLoad(load, constants)[name] ?? Number.NaN);
  const [first] = loads;
  const parts = first === undefined ? [] : Object.keys(redisLoad(first, constants));
  return [
    table(head, [
      row('calls, a second', (load) => ratesOf(load).callsAtOne + ratesOf(load).callsAcross),
      row('joins and leaves, a second', (load) => ratesOf(load).changes),
      row('scopes that are listed', (load) => ratesOf(load).listedScopes),
      row('requests to Redis, a second', (load) => redisRequests(load, constants)),
      row('entries of presence read by all nodes, a second', (load) => ratesOf(load).changesRead),
      row('**Redis, cores**', (load) => sum(Object.values(redisLoad(load, constants)))),
      ...parts.map(part),
      row('Redis, GB of memory', (load) => redisBytes(load, constants) / 1e9),
      row('presence from Redis, MB/s', (load) => (nodeLoad(load, constants).presenceBytes * load.nodes) / 1e6),
      row('a node: cores, without telling clients of presence', (load) => nodeLoad(load, constants).cpu),
      row('a node: GB of memory', (load) => nodeLoad(load, constants).memory / 1e9),
      row('a node: presence from Redis, MB/s', (load) => nodeLoad(load, constants).presenceBytes / 1e6),
    ]),
    table(
      ['presence to clients', ...loads.map(titleOf)],
      TOLD.flatMap((told) => [
        row(`${told}: a client, KB/s`, (load) => presenceBytes(told, load, constants) / 1e3),
        row(`${told}: a node, MB/s`, (load) => (presenceBytes(told, load, constants) * load.users) / load.nodes / 1e6),
      ]),
    ),
  ].join('\n\n');
}

function titleOf({ users, nodes, scopes }: Load): string {
  const number = (value: number) => value.toLocaleString('en');
  return `${number(users)} users, ${number(nodes)} nodes, ${number(scopes)} scope${scopes === 1 ? '' : 's'}`;
}
