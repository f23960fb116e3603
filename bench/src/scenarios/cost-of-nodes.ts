import type { RedisCounts } from '../processes/redis-counts.js';
import type { House } from '../processes/start-nodes.js';

/** What something costs Redis and the nodes, CPU in microseconds. */
export interface Cost {
  /** All Redis commands, also those within scripts. */
  commands: number;
  scripts: number;
  /** Entries added to streams. */
  entries: number;
  /** To Redis, and from it. */
  bytesIn: number;
  bytesOut: number;
  redisMicros: number;
  /** Of each node. */
  nodeMicros: number[];
}

export interface Spent<T> {
  result: T;
  seconds: number;
  cost: Cost;
}

/** What all of it costs, with what goes on besides. */
export async function costOf<T>(house: House, act: () => Promise<T>): Promise<Spent<T>> {
  const before = await countsOf(house);
  const result = await act();
  const after = await countsOf(house);
  const did = (name: keyof RedisCounts) => after.redis[name] - before.redis[name];
  return {
    result,
    seconds: after.at - before.at,
    cost: {
      commands: did('commands'),
      scripts: did('scripts'),
      entries: did('entries'),
      bytesIn: did('bytesIn'),
      bytesOut: did('bytesOut'),
      redisMicros: did('cpuSeconds') * 1e6,
      nodeMicros: after.nodes.map((seconds, node) => (seconds - (before.nodes[node] ?? 0)) * 1e6),
    },
  };
}

/** What one second costs in which nobody does anything. */
export async function idleCost(house: House, ms: number): Promise<Cost> {
  const { cost, seconds } = await costOf(house, () => new Promise((resolve) => setTimeout(resolve, ms)));
  return mapCost(cost, (value) => value / seconds);
}

/** What each of `count` cost beyond what goes on anyway. */
export function without(idle: Cost, { cost, seconds }: Spent<unknown>, count: number): Cost {
  return mapCost(cost, (value, read) => (value - read(idle) * seconds) / count);
}

function mapCost(cost: Cost, change: (value: number, read: (of: Cost) => number) => number): Cost {
  const field = (name: Exclude<keyof Cost, 'nodeMicros'>) => change(cost[name], (of) => of[name]);
  return {
    commands: field('commands'),
    scripts: field('scripts'),
    entries: field('entries'),
    bytesIn: field('bytesIn'),
    bytesOut: field('bytesOut'),
    redisMicros: field('redisMicros'),
    nodeMicros: cost.nodeMicros.map((value, node) => change(value, (of) => of.nodeMicros[node] ?? 0)),
  };
}

async function countsOf({ redis, nodes }: House) {
  return {
    nodes: await Promise.all(nodes.map(({ process }) => process.ask('cpuSeconds', null))),
    redis: await redis.counts(),
    at: performance.now() / 1000,
  };
}
