import { LOOK_SECONDS, type Load, type Rates } from './arithmetic.js';

interface User {
  node: number;
  scope: number;
}

interface LiveCall {
  scope: number;
}

const TICK_SECONDS = 0.25;
const COMPARE_SECONDS = 5;
const BEAT_SECONDS = 1;
const HELD_SECONDS = 30;
const PAGE = 500;
const ENDED_SECONDS = 120;

/**
 * Plays what `ratesOf` computes: users come, go and call at random, nodes do what they do by the clock, and everything is
 * counted. What is the same every time, as the cost of a call, is not played.
 *
 * @param seconds - how long it is counted; before that it runs for a while, so that calls are live and scopes listed
 * @param random - from 0 to 1, without 1
 */
export function simulate(load: Load, seconds: number, random: () => number): Rates {
  const { nodes, users, scopes, staySeconds, callsPerUserHour, callSeconds } = load;
  const warmUp = callSeconds * 3 + ENDED_SECONDS;
  const pick = (count: number) => Math.floor(random() * count);
  const arrive = (): User => ({ node: pick(nodes), scope: pick(scopes) });
  const online = Array.from({ length: users }, arrive);
  const members = new Members(online, nodes, scopes);
  const live: LiveCall[] = [];
  const liveIn = new Int32Array(scopes);
  const lastEnd = new Float64Array(scopes).fill(Number.NEGATIVE_INFINITY);
  const counted: Rates = {
    ...{ changes: 0, callsAtOne: 0, callsAcross: 0, liveCalls: 0, listedScopes: 0 },
    ...{ looks: 0, turnsAsked: 0, comparisons: 0, usersCompared: 0, heldRead: 0, beats: 0, changesRead: 0 },
  };
  let now = 0;
  let ticks = 0;
  let countedTicks = 0;

  const change = () => {
    if (now < warmUp) return;
    counted.changes += 1;
    counted.changesRead += nodes;
  };
  const tick = () => {
    ticks += 1;
    if (now < warmUp) return;
    countedTicks += 1;
    let listed = 0;
    for (let scope = 0; scope < scopes; scope += 1) {
      if ((liveIn[scope] ?? 0) > 0 || now - (lastEnd[scope] ?? 0) < ENDED_SECONDS) listed += 1;
    }
    counted.listedScopes += listed;
    counted.liveCalls += live.length;
    if (ticks % (LOOK_SECONDS / TICK_SECONDS) === 0) counted.looks += listed;
    if (ticks % (BEAT_SECONDS / TICK_SECONDS) === 0) {
      counted.beats += nodes;
      counted.turnsAsked += nodes;
    }
    if (ticks % (COMPARE_SECONDS / TICK_SECONDS) === 0) {
      counted.comparisons += members.pages(PAGE);
      counted.usersCompared += online.length;
    }
    if (ticks % (HELD_SECONDS / TICK_SECONDS) === 0) counted.heldRead += online.length;
  };

  while (now < warmUp + seconds) {
    const [joins, leaves] = [users / staySeconds, online.length / staySeconds];
    const calls = (online.length * callsPerUserHour) / 3600;
    const ends = live.length / callSeconds;
    now += -Math.log(1 - random()) / (joins + leaves + calls + ends);
    while ((ticks + 1) * TICK_SECONDS <= now) tick();
    let event = random() * (joins + leaves + calls + ends);
    if (event < joins) {
      const user = arrive();
      online.push(user);
      members.add(user, 1);
      change();
      continue;
    }
    event -= joins;
    if (event < leaves) {
      const gone = takeOut(online, pick(online.length));
      if (gone !== undefined) members.add(gone, -1);
      change();
      continue;
    }
    event -= leaves;
    if (event < calls) {
      // of which scope makes no difference to where
      const [caller, callee] = [online[pick(online.length)], online[pick(online.length)]];
      if (caller === undefined || callee === undefined) continue;
      live.push({ scope: caller.scope });
      liveIn[caller.scope] = (liveIn[caller.scope] ?? 0) + 1;
      if (now >= warmUp) counted[caller.node === callee.node ? 'callsAtOne' : 'callsAcross'] += 1;
      continue;
    }
    const ended = takeOut(live, pick(live.length));
    if (ended === undefined) continue;
    liveIn[ended.scope] = (liveIn[ended.scope] ?? 0) - 1;
    lastEnd[ended.scope] = now;
  }
  const perSecond = (value: number) => value / seconds;
  return {
    changes: perSecond(counted.changes),
    callsAtOne: perSecond(counted.callsAtOne),
    callsAcross: perSecond(counted.callsAcross),
    liveCalls: counted.liveCalls / countedTicks,
    listedScopes: counted.listedScopes / countedTicks,
    looks: perSecond(counted.looks),
    turnsAsked: perSecond(counted.turnsAsked),
    comparisons: perSecond(counted.comparisons),
    usersCompared: perSecond(counted.usersCompared),
    heldRead: perSecond(counted.heldRead),
    beats: perSecond(counted.beats),
    changesRead: perSecond(counted.changesRead),
  };
}

/** How many of each scope are at each node. */
class Members {
  readonly #counts: Int32Array;
  readonly #nodes: number;

  constructor(online: readonly User[], nodes: number, scopes: number) {
    this.#nodes = nodes;
    this.#counts = new Int32Array(nodes * scopes);
    for (const user of online) this.add(user, 1);
  }

  add({ node, scope }: User, change: number): void {
    const at = scope * this.#nodes + node;
    this.#counts[at] = (this.#counts[at] ?? 0) + change;
  }

  pages(size: number): number {
    return this.#counts.reduce((sum, count) => sum + Math.ceil(count / size), 0);
  }
}

/** Takes one out of a list whose order means nothing. */
function takeOut<T>(list: T[], index: number): T | undefined {
  const last = list.pop();
  if (index >= list.length) return last;
  const taken = list[index];
  if (last !== undefined) list[index] = last;
  return taken;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
