/** What is to be served. */
export interface Load {
  nodes: number;
  /** Users online, one device each. */
  users: number;
  /** Users of different scopes do not see each other; all are of the same size. */
  scopes: number;
  /** How long somebody stays, in seconds. */
  staySeconds: number;
  /** Calls that a user makes an hour. */
  callsPerUserHour: number;
  /** How long a call is live, in seconds. */
  callSeconds: number;
  /** Users whom one user watches who subscribes. */
  watched: number;
}

/** What one of each costs, measured. CPU in microseconds. */
export interface Constants {
  redisMicros: {
    /** A call whose ends are at one node, and at two. */
    callAtOne: number;
    callAcross: number;
    /** A join or a leave, and its change for each node that reads it. */
    change: number;
    changeRead: number;
    /** A scope that some node looks at for what is due, and a node that asks whether it is the one to look. */
    scopeLookedAt: number;
    turnAsked: number;
    /** A script by which a node compares calls, and a user in it. */
    comparison: number;
    userCompared: number;
    /** A session that a node reads of those that it holds. */
    heldRead: number;
    /** A beat, and each node that it lists. */
    beat: number;
    nodeListed: number;
  };
  scripts: { callAtOne: number; callAcross: number; change: number };
  /** Of a node; a join with its connection, and a second of a user who does nothing. */
  nodeMicros: { callAtOne: number; callAcross: number; stay: number; changeRead: number; userAtRest: number };
  bytes: {
    /** From Redis to each node that reads a change. */
    changeRead: number;
    /** To a client: a user in a list, a join or leave by itself, one with others in a batch. */
    listedUser: number;
    change: number;
    changeInBatch: number;
    /** Of memory. */
    connection: number;
    listedInNode: number;
    redisBase: number;
    redisDevice: number;
    redisUser: number;
    redisCall: number;
  };
}

/** How often, in seconds: SPEC.md and the sources that bear them. */
export const LOOK_SECONDS = 3;
const ASK_SECONDS = 1;
const COMPARE_SECONDS = 5;
const HELD_SECONDS = 30;
const BEAT_SECONDS = 1;
const BLOCK_SECONDS = 2;
/** Users compared by one script. */
const PAGE = 500;
/** A call is remembered for so long when it is over, and its scope is listed until then. */
const ENDED_SECONDS = 120;
/** What a node spends on lists at most, in bytes a second. */
const LIST_BUDGET = 20e6;

/** How often things happen, in one second. */
export interface Rates {
  /** Joins and leaves. */
  changes: number;
  callsAtOne: number;
  callsAcross: number;
  liveCalls: number;
  /** Scopes that have calls, or had some lately. */
  listedScopes: number;
  /** Times that some node looks at some scope, and that a node asks whether it is the one to look. */
  looks: number;
  turnsAsked: number;
  /** Scripts that compare calls, and users that they compare. */
  comparisons: number;
  usersCompared: number;
  /** Sessions that nodes read of those that they hold. */
  heldRead: number;
  beats: number;
  /** Entries of the presence stream that are read, by all nodes. */
  changesRead: number;
}

export function ratesOf(load: Load): Rates {
  const { nodes, users, scopes, staySeconds, callsPerUserHour, callSeconds } = load;
  const calls = (users * callsPerUserHour) / 3600;
  const changes = (2 * users) / staySeconds;
  // any number of calls at once that do not wait for each other: how many there are is Poisson's
  const listedScopes = scopes * (1 - Math.exp((-calls / scopes) * (callSeconds + ENDED_SECONDS)));
  return {
    changes,
    callsAtOne: calls / nodes,
    callsAcross: calls * (1 - 1 / nodes),
    liveCalls: calls * callSeconds,
    listedScopes,
    looks: listedScopes / LOOK_SECONDS,
    turnsAsked: nodes / ASK_SECONDS,
    comparisons: (nodes * scopes * pagesOf(users / nodes / scopes)) / COMPARE_SECONDS,
    usersCompared: users / COMPARE_SECONDS,
    heldRead: users / HELD_SECONDS,
    beats: nodes / BEAT_SECONDS,
    changesRead: changes * nodes,
  };
}

/** How many pages users fill, of whom there are so many in the mean: less than one where often nobody is there. */
function pagesOf(mean: number): number {
  // most of the last page is empty, on average half of it; of few users there is one page, or none
  return mean < PAGE / 2 ? 1 - Math.exp(-mean) : mean / PAGE + 0.5;
}

/** By what Redis is busy: CPU seconds in a second, of one core. */
export function redisLoad(load: Load, { redisMicros: cost }: Constants): Record<string, number> {
  const rates = ratesOf(load);
  const micros = {
    calls: rates.callsAtOne * cost.callAtOne + rates.callsAcross * cost.callAcross,
    'joins and leaves': rates.changes * cost.change,
    'nodes reading them': rates.changesRead * cost.changeRead,
    'looking for what is due': rates.looks * cost.scopeLookedAt + rates.turnsAsked * cost.turnAsked,
    'comparing calls': rates.comparisons * cost.comparison + rates.usersCompared * cost.userCompared,
    'comparing what is held': rates.heldRead * cost.heldRead,
    beats: rates.beats * (cost.beat + load.nodes * cost.nodeListed),
  };
  return Object.fromEntries(Object.entries(micros).map(([name, each]) => [name, each / 1e6]));
}

/** Scripts and blocked readings that clients of Redis send in a second; what scripts do within is not counted. */
export function redisRequests(load: Load, { scripts }: Constants): number {
  const rates = ratesOf(load);
  return (
    rates.callsAtOne * scripts.callAtOne +
    rates.callsAcross * scripts.callAcross +
    rates.changes * scripts.change +
    rates.looks +
    rates.turnsAsked +
    // which scopes there are
    1 / LOOK_SECONDS +
    rates.comparisons +
    rates.beats +
    // both readers of a node: at rest once in a while, else once for what has come
    load.nodes * (1 / BLOCK_SECONDS + Math.max(1 / BLOCK_SECONDS, Math.min(rates.changes, 500)))
  );
}

export function redisBytes(load: Load, { bytes }: Constants): number {
  const { liveCalls, callsAtOne, callsAcross } = ratesOf(load);
  const kept = liveCalls + (callsAtOne + callsAcross) * ENDED_SECONDS;
  return bytes.redisBase + load.users * (bytes.redisDevice + bytes.redisUser) + kept * bytes.redisCall;
}

/** One node of them. */
export function nodeLoad(load: Load, { nodeMicros: cost, bytes }: Constants) {
  const { nodes, users } = load;
  const rates = ratesOf(load);
  const micros =
    (rates.callsAtOne * cost.callAtOne + rates.callsAcross * cost.callAcross + (rates.changes / 2) * cost.stay) /
      nodes +
    rates.changes * cost.changeRead +
    (users / nodes) * cost.userAtRest;
  return {
    /** CPU seconds in a second, without what is told to clients of presence. */
    cpu: micros / 1e6,
    memory: (users / nodes) * bytes.connection + users * bytes.listedInNode,
    /** From Redis, in a second. */
    presenceBytes: rates.changes * bytes.changeRead,
  };
}

/** How clients are told who is online. */
export const TOLD = ['full', 'coalesced', 'delta', 'subscribed'] as const;
export type Told = (typeof TOLD)[number];

/** Bytes a second to one client that hears of presence in this way. */
export function presenceBytes(told: Told, load: Load, { bytes }: Constants): number {
  const { nodes, users, scopes } = load;
  const inScope = users / scopes;
  const changes = ratesOf(load).changes / scopes;
  const list = inScope * bytes.listedUser;
  switch (told) {
    case 'full':
      return changes * list;
    case 'coalesced':
      // a list at most 4 times a second, and no more than the budget of the node allows all its clients
      return Math.min(Math.min(changes, 4) * list, LIST_BUDGET / (users / nodes));
    case 'delta':
      // changes of a quarter of a second are one message
      return changes * (changes > 4 ? bytes.changeInBatch : bytes.change);
    case 'subscribed':
      return changes * Math.min(1, load.watched / inScope) * bytes.change;
  }
}
