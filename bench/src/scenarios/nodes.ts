import type { Schedule } from '../driver/on-schedule.js';
import type { Cores } from '../processes/cores.js';
import { type House, withNodes } from '../processes/start-nodes.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';
import { type Cost, costOf, idleCost, without } from './cost-of-nodes.js';

/**
 * Where the two ends of every call are: at the only node; both at one of two, half of the calls at each; or at two nodes,
 * with a third that holds neither.
 */
export const WAYS = ['alone', 'same', 'across'] as const;
export type Way = (typeof WAYS)[number];

export const NODES_OF: Record<Way, number> = { alone: 1, same: 2, across: 3 };

export interface NodesScenario {
  /** Users of the calls; a multiple of four. */
  users: number;
  /**
   * How long it is measured what goes on without anybody doing anything, in milliseconds: 5 s or several times that, since
   * each node compares all its users' calls every 5 s.
   */
  idleMs: number;
  candidates: Schedule;
  atOnce: number;
  warmUpCalls: number;
  measuredCalls: number;
  /** Users who are online at two nodes when the cost of a join is measured. */
  online: number;
  joins: number;
}

export interface WayMeasurement {
  /** Of one second in which nobody does anything, all nodes together. */
  idle: Cost;
  /** Of one candidate. */
  candidate: Cost;
  candidateP50Ms: number;
  candidateP99Ms: number;
  lateP99Ms: number;
  /** Of one call. */
  call: Cost;
  callsPerSecond: number;
  completed: number;
  failed: number;
}

export interface JoinMeasurement {
  /** Of one join, with `online` users online. */
  join: Cost;
  /** Of a node that starts, until it is ready: it reads all sessions. */
  start: { ms: number; bytes: number; commands: number; redisCpuMs: number; nodeCpuMs: number };
  /** Of one second with all of them online, both nodes together. */
  idle: Cost;
}

export interface NodesMeasurement {
  ways: Record<Way, WayMeasurement>;
  /** Where presence is kept. */
  join: JoinMeasurement | undefined;
}

const LIMIT_MS = 60_000;

/** What a message costs several nodes and Redis, by where its ends are. */
export async function measureNodes(
  subject: SubjectName,
  cores: Cores | undefined,
  scenario: NodesScenario,
): Promise<NodesMeasurement> {
  const measureWay = (way: Way) =>
    withNodes({ subject, cores, nodes: NODES_OF[way] }, (house) => inWay(subject, house, way, scenario));
  return {
    ways: { alone: await measureWay('alone'), same: await measureWay('same'), across: await measureWay('across') },
    join:
      SUBJECTS[subject].server === 'node'
        ? await withNodes({ subject, cores, nodes: 2 }, (house) => joins(subject, house, scenario))
        : undefined,
  };
}

async function inWay(subject: SubjectName, house: House, way: Way, scenario: NodesScenario): Promise<WayMeasurement> {
  const { driver } = house;
  const { protocol } = SUBJECTS[subject];
  const { users, atOnce, warmUpCalls, measuredCalls } = scenario;
  // users call each other by twos
  const nodeOf: Record<Way, (user: number) => number> = {
    alone: () => 0,
    same: (user) => Math.floor(user / 2) % 2,
    across: (user) => user % 2,
  };
  for (let user = 0; user < users; user += 1) {
    const port = house.nodes[nodeOf[way](user)]?.port ?? 0;
    const plan = { protocol, port, atOnce: 1, limitMs: LIMIT_MS };
    const { joined } = await driver.ask('join', { ...plan, users: user + 1 });
    if (joined <= user) throw new Error(`${subject}: user ${user} did not join`);
  }
  await driver.ask('settle', { listed: 0, quietMs: 300, limitMs: LIMIT_MS });
  await driver.ask('calls', { atOnce, limitMs: LIMIT_MS, calls: warmUpCalls });
  const idle = await idleCost(house, scenario.idleMs);
  const calls = await costOf(house, () => driver.ask('calls', { atOnce, limitMs: LIMIT_MS, calls: measuredCalls }));
  await driver.ask('establish', null);
  const steady = await costOf(house, () => driver.ask('steady', scenario.candidates));
  const { candidates, missing, candidateMs, lateP99Ms } = steady.result;
  if (missing > 0) throw new Error(`${subject}: ${missing} of ${candidates} candidates never arrived`);
  return {
    idle,
    candidate: without(idle, steady, candidates),
    candidateP50Ms: candidateMs.p50,
    candidateP99Ms: candidateMs.p99,
    lateP99Ms,
    call: without(idle, calls, calls.result.completed),
    callsPerSecond: calls.result.completed / (calls.result.wallMs / 1000),
    completed: calls.result.completed,
    failed: calls.result.failed,
  };
}

async function joins(subject: SubjectName, house: House, scenario: NodesScenario): Promise<JoinMeasurement> {
  const { driver, nodes, redis } = house;
  const { protocol } = SUBJECTS[subject];
  const { online } = scenario;
  const join = async (users: number, node: number, atOnce: number) => {
    const plan = { protocol, port: nodes[node]?.port ?? 0, users, atOnce, limitMs: LIMIT_MS };
    const { joined } = await driver.ask('join', plan);
    if (joined < users) throw new Error(`${subject}: only ${joined} of ${users} users joined`);
  };
  await join(online / 2, 0, 32);
  await join(online, 1, 32);
  await driver.ask('settle', { listed: 0, quietMs: 1_000, limitMs: LIMIT_MS });
  const idle = await cheapestOf(() => idleCost(house, scenario.idleMs));
  let users = online;
  const more = await cheapestOf(async () => {
    users += scenario.joins;
    const spent = await costOf(house, () => wholePeriods(scenario.idleMs, () => join(users, 0, 1)));
    return without(idle, spent, scenario.joins);
  });
  const before = await redis.counts();
  const startedAt = performance.now();
  const { process } = await house.startNode();
  const ms = performance.now() - startedAt;
  const after = await redis.counts();
  return {
    idle,
    join: more,
    start: {
      ms,
      bytes: after.bytesOut - before.bytesOut,
      commands: after.commands - before.commands,
      redisCpuMs: (after.cpuSeconds - before.cpuSeconds) * 1000,
      nodeCpuMs: (await process.ask('cpuSeconds', null)) * 1000,
    },
  };
}

/** Goes on until a whole number of periods is over, so that what comes once in each came as often as it does at rest. */
async function wholePeriods(periodMs: number, act: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await act();
  const tookMs = performance.now() - startedAt;
  const leftMs = Math.ceil(tookMs / periodMs) * periodMs - tookMs;
  await new Promise((resolve) => setTimeout(resolve, leftMs));
}

/** Of three: now and then a node reads all that it holds. */
async function cheapestOf(measure: () => Promise<Cost>): Promise<Cost> {
  const costs = [await measure(), await measure(), await measure()];
  return costs.reduce((least, cost) => (cost.bytesOut < least.bytesOut ? cost : least));
}
