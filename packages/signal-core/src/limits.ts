import { inspect } from 'node:util';

/**
 * How much one client may ask for. A rate is a token bucket: so many in a burst, then so many by second or minute.
 * `Infinity` is no limit.
 *
 * @see SPEC.md, section LIMIT
 */
export interface Limits {
  /** Events by connection and second, candidates apart: a person's client sends a few by call. */
  eventsPerSecond: number;
  eventBurst: number;
  /** Candidates by connection and second, each of a batch: Chrome gathers 10 to 30, at once. */
  candidatesPerSecond: number;
  candidateBurst: number;
  /** Candidates of one side by ICE generation. */
  candidatesPerGeneration: number;
  /** Refusals of what came too fast, was invalid, or had the wrong credentials, in 10 s before a connection is kicked. */
  refusalsPer10Seconds: number;
  /** Calls that one user may place by minute. */
  callsPerMinute: number;
  callBurst: number;
  /** Calls to one user by minute, of all callers together. */
  callsToUserPerMinute: number;
  /** Calls that may ring one user at a time. */
  ringingPerUser: number;
  /** Logins by minute, by address and name. */
  loginsPerMinuteByName: number;
  /** Logins by minute, by address (of IPv6 by /64). */
  loginsPerMinuteByAddress: number;
  /** REST requests for lists and ICE servers by minute, by address (of IPv6 by /64): whole offices share one. */
  requestsPerMinuteByAddress: number;
  /** Failed logins by address and name in 30 min before each costs a growing wait. */
  failedLoginsPer30Minutes: number;
  /** Passwords that are checked at a time: each takes a core for some 40 ms. */
  passwordChecks: number;
  /** Passwords that wait to be checked. */
  passwordChecksWaiting: number;
  /** Connections of the process. */
  connections: number;
  /** Connections that speak for one user. */
  connectionsPerUser: number;
  /** Connections from one address (of IPv6 by /64): whole offices share one, so it is off. */
  connectionsPerAddress: number;
  /** How old the oldest packet that waits for a client may be, in milliseconds, when much waits (the next two). */
  waitingMs: number;
  waitingBytes: number;
  waitingPackets: number;
  /** How much may wait for a client in any case, in bytes. */
  maxWaitingBytes: number;
}

export type LimitProfile = 'standard' | 'relaxed' | 'off';

/** A profile, or one with figures of your own in it. */
export type LimitOptions = LimitProfile | ({ profile?: LimitProfile } & Partial<Limits>);

const STANDARD: Limits = {
  eventsPerSecond: 30,
  eventBurst: 60,
  candidatesPerSecond: 50,
  candidateBurst: 200,
  candidatesPerGeneration: 200,
  refusalsPer10Seconds: 100,
  callsPerMinute: 10,
  callBurst: 5,
  callsToUserPerMinute: 30,
  ringingPerUser: 3,
  loginsPerMinuteByName: 5,
  loginsPerMinuteByAddress: 20,
  requestsPerMinuteByAddress: 300,
  failedLoginsPer30Minutes: 10,
  passwordChecks: 2,
  passwordChecksWaiting: 20,
  connections: 10_000,
  connectionsPerUser: 10,
  connectionsPerAddress: Number.POSITIVE_INFINITY,
  waitingMs: 5_000,
  waitingBytes: 256 * 1024,
  waitingPackets: 256,
  maxWaitingBytes: 8 * 1024 * 1024,
};

const none = Number.POSITIVE_INFINITY;

/** Nobody is counted by who they are or whom they call; the figures of a connection stay, made for load tools. */
const RELAXED: Limits = {
  ...STANDARD,
  eventsPerSecond: 500,
  eventBurst: 2_000,
  candidatesPerSecond: 500,
  candidateBurst: 2_000,
  candidatesPerGeneration: 10_000,
  callsPerMinute: none,
  callBurst: none,
  callsToUserPerMinute: none,
  ringingPerUser: none,
  loginsPerMinuteByName: none,
  loginsPerMinuteByAddress: none,
  requestsPerMinuteByAddress: none,
  failedLoginsPer30Minutes: none,
  connectionsPerUser: 1_000,
};

const OFF: Limits = {
  ...RELAXED,
  eventsPerSecond: none,
  eventBurst: none,
  candidatesPerSecond: none,
  candidateBurst: none,
  refusalsPer10Seconds: none,
  connections: none,
  connectionsPerUser: none,
};

/** The profiles: for the internet, for development, and for load tests. What bounds memory stays in all of them. */
export const LIMIT_PROFILES: Readonly<Record<LimitProfile, Readonly<Limits>>> = {
  standard: STANDARD,
  relaxed: RELAXED,
  off: OFF,
};

/** @throws TypeError naming the option and the value */
export function resolveLimits(options: LimitOptions): Limits {
  const { profile = 'standard', ...own } = profileAndFigures(options);
  if (typeof profile !== 'string' || !Object.hasOwn(LIMIT_PROFILES, profile)) {
    throw wrong('limits.profile', "'standard', 'relaxed' or 'off'", profile);
  }
  const figures = Object.entries(own).filter(([, value]) => value !== undefined);
  for (const [name, value] of figures) {
    if (!Object.hasOwn(STANDARD, name)) throw new TypeError(`unknown option 'limits.${name}'`);
    if (typeof value !== 'number' || !(value > 0)) {
      throw wrong(`limits.${name}`, 'a number above 0, or Infinity', value);
    }
  }
  // the profile is one of the three, and every figure was checked just now
  return { ...LIMIT_PROFILES[profile as LimitProfile], ...(Object.fromEntries(figures) as Partial<Limits>) };
}

function profileAndFigures(options: unknown): Record<string, unknown> {
  if (typeof options === 'string' && Object.hasOwn(LIMIT_PROFILES, options)) return { profile: options };
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return { ...options };
  throw wrong('limits', "'standard', 'relaxed', 'off', or an object of figures", options);
}

function wrong(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(`option '${name}' must be ${expected}, not ${inspect(value)}`);
}
