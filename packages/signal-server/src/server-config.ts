import { DEFAULT_OPTIONS, type IcePolicy, type LimitProfile } from 'signal-core';

/** Everything that the standalone server can be told. */
export interface ServerConfig {
  /** TCP port; 0 takes a free one. @default 3001, where the deployed clients look */
  port: number;
  /** Address to listen on. @default this machine only (127.0.0.1 and, where present, ::1), since `open` asks nobody who they are */
  host: string | undefined;
  /** Who may join. `open`: anybody, under any name; `token`: who shows a JWT; `passwords`: who is in the users file. @default 'open' */
  auth: 'open' | 'token' | 'passwords';
  /** With `token`: where the issuer publishes its keys. Either this or `jwtSecret`. */
  jwksUrl: string | undefined;
  /** With `token`: the `iss` that a token must bear. */
  jwtIssuer: string | undefined;
  /** With `token`: the `aud` that a token must bear. */
  jwtAudience: string | undefined;
  /** With `token`: the secret shared with the issuer, 32 bytes at least. */
  jwtSecret: string | undefined;
  /** With `passwords`: the users file, which `signal-server user` keeps. */
  users: string | undefined;
  /** With `passwords`: milliseconds that a token is good. @default 43_200_000 (12 h), a working day */
  tokenTtlMs: number;
  /** With `passwords`: signs the tokens, 32 bytes at least. @default one made up for this process; in production it is required */
  secret: string | undefined;
  /** Origins of the web pages that may use this server, or `*`. @default http://localhost:5173, the address of Vite */
  corsOrigin: readonly string[] | '*';
  /** Path of the Socket.IO endpoint. @default as in signal-core */
  path: string;
  /** Milliseconds until a ringing call ends as not answered. @default as in signal-core */
  ringTimeoutMs: number;
  /** Milliseconds that a call waits for a device that lost its connection. @default as in signal-core */
  graceMs: number;
  /** Live calls that one user may be in. @default as in signal-core */
  maxCallsPerUser: number;
  /** How much one client may ask for. @default 'standard'; 'relaxed' for `open` that only this machine reaches, but in production */
  limits: LimitProfile | undefined;
  /** Whose `X-Forwarded-*` headers count: so many hops, or addresses and networks. @default as in signal-core, nobody's */
  trustProxy: number | readonly string[];
  /** STUN servers for the clients. @default none */
  iceServers: readonly string[];
  /** TURN servers for which clients get credentials of their own. @default none */
  turnUrls: readonly string[];
  /** The secret shared with the TURN servers. */
  turnSecret: string | undefined;
  /** Milliseconds that TURN credentials are good. @default 600_000 */
  turnTtlMs: number;
  /** `relay-only` keeps the addresses of the parties from each other. @default as in signal-core, 'all' */
  icePolicy: IcePolicy;
  /** Whether `GET /metrics` answers. @default false */
  metrics: boolean;
  /** Who shows this reads the metrics. @default as the details of `/health`: any credentials, or a program on this machine */
  metricsToken: string | undefined;
  /** The Redis that several servers share; it may hold a password. @default none: state in the memory of this process */
  redisUrl: string | undefined;
  /** With Redis: what the names of all keys begin with. @default 'signal' */
  redisPrefix: string;
  /** With Redis: milliseconds between the signal to stop and the first connection that is closed. @default 5_000, two checks of most balancers */
  drainMs: number;
  /** Whether `/` is a page to make calls with; for `open` only. @default true, but in production */
  page: boolean | undefined;
  /** Certificate and key of HTTPS, PEM files. @default none, plain HTTP */
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  /** The least important log lines to write. @default 'info' */
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** `auto`: pretty on a terminal, JSON otherwise. @default 'auto' */
  logFormat: 'auto' | 'pretty' | 'json';
}

/** The defaults: those of signal-core, and those that only a standalone server needs. */
export const DEFAULT_CONFIG: Readonly<ServerConfig> = Object.freeze({
  port: 3001,
  host: undefined,
  auth: 'open',
  jwksUrl: undefined,
  jwtIssuer: undefined,
  jwtAudience: undefined,
  jwtSecret: undefined,
  users: undefined,
  tokenTtlMs: 12 * 60 * 60 * 1000,
  secret: undefined,
  corsOrigin: Object.freeze(['http://localhost:5173']),
  path: DEFAULT_OPTIONS.path,
  ringTimeoutMs: DEFAULT_OPTIONS.ringTimeoutMs,
  graceMs: DEFAULT_OPTIONS.graceMs,
  maxCallsPerUser: DEFAULT_OPTIONS.maxCallsPerUser,
  limits: undefined,
  trustProxy: DEFAULT_OPTIONS.trustProxy,
  iceServers: Object.freeze([]),
  turnUrls: Object.freeze([]),
  turnSecret: undefined,
  turnTtlMs: 10 * 60 * 1000,
  icePolicy: DEFAULT_OPTIONS.icePolicy,
  metrics: DEFAULT_OPTIONS.metrics,
  metricsToken: undefined,
  page: undefined,
  redisUrl: undefined,
  redisPrefix: 'signal',
  drainMs: 5_000,
  tlsCert: undefined,
  tlsKey: undefined,
  logLevel: 'info',
  logFormat: 'auto',
});
