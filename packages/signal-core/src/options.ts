import type { AuthOptions } from './auth/auth-options.js';
import type { IcePolicy, IceServer, TurnOptions } from './auth/ice-options.js';
import type { CallHook, ScopeHook, SeeHook } from './hooks.js';
import type { LimitOptions, Limits } from './limits.js';
import { type Logger, silentLogger } from './log.js';
import type { MetricsOptions } from './metrics/metrics-options.js';

/** Which pages may connect: exact origins (scheme, host, port), or every one. */
export type Origins = readonly string[] | '*';

/** So many hops from here, or addresses and networks such as `10.0.0.0/8`. */
export type TrustProxy = number | readonly string[];

/** Options of a {@link SignalingServer}. All times are milliseconds. */
export interface SignalingServerOptions {
  /**
   * Who may join. `'open'`: anybody, under any name, as in development. `{ verifyToken }` or `{ authenticate }`: whom
   * the host knows. `{ jwt }`: who holds a token of a trusted issuer. `{ passwords }`: who logs in here. Required, so
   * that nobody is open by accident.
   */
  auth: AuthOptions;
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
  /** What `users_updated` may cost, in bytes by second, all recipients of this node together: each of several nodes has as much. `presence_changed` may cost as much again. @default 20_000_000, a sixth of a gigabit link */
  presenceBudgetBytesPerSecond?: number;
  /**
   * How much one client may ask for: a profile, or one with figures of your own.
   *
   * @default 'standard'; 'relaxed' with `auth: 'open'`, unless NODE_ENV is production
   */
  limits?: LimitOptions;
  /**
   * Whose `X-Forwarded-*` headers count: so many hops from here, or these addresses and networks (CIDR).
   *
   * @default [] — nobody's, since anybody can write them
   */
  trustProxy?: TrustProxy;
  /** STUN and TURN servers for the clients, as they are. @default [] */
  iceServers?: readonly IceServer[];
  /** A TURN server for which clients get credentials of their own. @default none */
  turn?: TurnOptions;
  /** `'relay-only'` keeps the addresses of the parties from each other: what is no relay candidate is dropped. @default 'all' */
  icePolicy?: IcePolicy;
  /** Whether `GET /metrics` answers, in the format of Prometheus. @default false */
  metrics?: boolean | MetricsOptions;
  /** Asked before a call rings, or is restored (`isRestore`); it does only when the answer is `true` within 2 s. */
  authorizeCall?: CallHook;
  /** Asked when nobody is there to ring; `true` keeps the call ringing, for a push message to bring the callee. */
  onUnreachable?: CallHook;
  /**
   * The scope (tenant, team) of a user: users of different scopes neither see nor ring each other. Asked at `join`, and
   * when somebody calls a user who is offline; it must answer at once. @default everybody is in `''`
   */
  scopeOf?: ScopeHook;
  /**
   * Whether a user may see another, and so call them: who may not is told that there is nobody. It must answer at once,
   * and is asked often: about everybody in a list. Call `visibilityChanged()` when it would answer otherwise than before.
   * A {@link BlockList} has one.
   *
   * @default everybody sees everybody of the same scope
   */
  canSee?: SeeHook;
  /** Where log lines go: pino fits. @default none */
  logger?: Logger;
}

type Optional = 'authorizeCall' | 'onUnreachable' | 'scopeOf' | 'canSee' | 'turn';
export type ResolvedOptions = Required<Omit<SignalingServerOptions, Optional | 'limits'>> &
  Pick<SignalingServerOptions, Optional> & { limits: Limits };

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
  trustProxy: [],
  iceServers: [],
  icePolicy: 'all',
  metrics: false,
  logger: silentLogger,
} as const satisfies Omit<ResolvedOptions, 'auth' | 'limits'>;
