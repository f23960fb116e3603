import { inspect } from 'node:util';
import type { CallHook, ScopeHook } from './hooks.js';
import { type Logger, silentLogger } from './log.js';

/** Which pages may connect: exact origins (scheme, host, port), or every one. */
export type Origins = readonly string[] | '*';

/** Options of a {@link SignalingServer}. All times are milliseconds. */
export interface SignalingServerOptions {
  /**
   * Who may join. `'open'`: anybody, under any name, as in development. Required, so that nobody is open by accident.
   */
  auth: 'open';
  /** Path of the Socket.IO endpoint. @default '/socket.io', where clients look for it */
  path?: string;
  /**
   * Pages that may connect: exact origins such as `https://app.example`, or `'*'` for every page.
   *
   * @default [] — only pages of this host itself, when that is localhost or an IP address
   */
  origins?: Origins;
  /** How long a call rings. @default 60_000, as long as people let a phone ring; 15 to 180 s suit people */
  ringTimeoutMs?: number;
  /** How long a lost device may stay away before its calls end. @default 15_000, a change of network and a few retries */
  graceMs?: number;
  /** The same for a caller whose call still rings. @default 5_000, since nobody is talking yet */
  ringingGraceMs?: number;
  /** How long a lost device still counts as online. @default 5_000, so that a blip does not flicker */
  presenceGraceMs?: number;
  /** The longest call. @default 43_200_000 (12 h), so that what nobody hangs up is gone within a day */
  maxCallMs?: number;
  /** Live calls by user, as caller or callee. @default 1, because legacy clients know only one */
  maxCallsPerUser?: number;
  /** How long a connection may take to `join`. @default 10_000 */
  joinTimeoutMs?: number;
  /** What `users_updated` may cost, in bytes by second, all recipients together; `presence_changed` may cost as much. @default 20_000_000, a sixth of a gigabit link */
  presenceBudgetBytesPerSecond?: number;
  /** Asked before a call rings, or is restored (`isRestore`); it does only when the answer is `true` within 2 s. */
  authorizeCall?: CallHook;
  /** Asked when nobody is there to ring; `true` keeps the call ringing, for a push message to bring the callee. */
  onUnreachable?: CallHook;
  /**
   * The scope (tenant, team) of a user: users of different scopes neither see nor ring each other. Asked at `join`, and
   * when somebody calls a user who is offline; it must answer at once. @default everybody is in `''`
   */
  scopeOf?: ScopeHook;
  /** Where log lines go: pino fits. @default none */
  logger?: Logger;
}

type Optional = 'authorizeCall' | 'onUnreachable' | 'scopeOf';
export type ResolvedOptions = Required<Omit<SignalingServerOptions, Optional>> & Pick<SignalingServerOptions, Optional>;

/** The defaults, once; `auth` has none. */
export const DEFAULT_OPTIONS = {
  path: '/socket.io',
  origins: [],
  ringTimeoutMs: 60_000,
  graceMs: 15_000,
  ringingGraceMs: 5_000,
  presenceGraceMs: 5_000,
  maxCallMs: 12 * 60 * 60 * 1000,
  maxCallsPerUser: 1,
  joinTimeoutMs: 10_000,
  presenceBudgetBytesPerSecond: 20_000_000,
  logger: silentLogger,
} as const satisfies Omit<ResolvedOptions, 'auth'>;

type Check = (value: unknown) => string | undefined;

/** The longest time that Node's timers can wait for. */
const MAX_MS = 2 ** 31 - 1;

const wholeNumber =
  (max: number, unit: string): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= max
      ? undefined
      : `a whole number of ${unit} from 1 to ${max}`;
const milliseconds = wholeNumber(MAX_MS, 'milliseconds');
const aFunction: Check = (value) => (value === undefined || typeof value === 'function' ? undefined : 'a function');

const CHECKS: { [Name in keyof SignalingServerOptions]-?: Check } = {
  auth: (value) => (value === 'open' ? undefined : "'open'"),
  path: (value) =>
    typeof value === 'string' && /^(\/[\w.~-]+)+$/.test(value) ? undefined : "a path such as '/socket.io'",
  origins: (value) =>
    value === '*' || (Array.isArray(value) && value.every(isOrigin))
      ? undefined
      : "'*' or a list of origins such as 'https://app.example'",
  ringTimeoutMs: milliseconds,
  graceMs: milliseconds,
  ringingGraceMs: milliseconds,
  presenceGraceMs: milliseconds,
  maxCallMs: milliseconds,
  maxCallsPerUser: wholeNumber(1000, 'calls'),
  joinTimeoutMs: milliseconds,
  presenceBudgetBytesPerSecond: wholeNumber(Number.MAX_SAFE_INTEGER, 'bytes'),
  authorizeCall: aFunction,
  onUnreachable: aFunction,
  scopeOf: aFunction,
  logger: (value) =>
    ['debug', 'info', 'warn', 'error'].every((level) => typeof Object(value)[level] === 'function')
      ? undefined
      : 'an object with debug, info, warn and error',
};

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError naming the option and the value
 */
export function resolveOptions(options: SignalingServerOptions): ResolvedOptions {
  const given = Object.entries(Object(options)).filter(([, value]) => value !== undefined);
  const resolved: Record<string, unknown> = { ...DEFAULT_OPTIONS, ...Object.fromEntries(given) };
  for (const name of Object.keys(resolved)) {
    if (!Object.hasOwn(CHECKS, name)) throw new TypeError(`unknown option '${name}'`);
  }
  for (const [name, check] of Object.entries(CHECKS)) {
    const expected = check(resolved[name]);
    if (expected !== undefined)
      throw new TypeError(`option '${name}' must be ${expected}, not ${shown(resolved[name])}`);
  }
  // every member was checked just now
  return resolved as unknown as ResolvedOptions;
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}

function shown(value: unknown): string {
  return typeof value === 'function'
    ? 'a function'
    : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
}
