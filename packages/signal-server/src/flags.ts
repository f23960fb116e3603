import type { ServerConfig } from './server-config.js';
import { duration, oneOf, origins, textLike, type ValueType, wholeNumber } from './value-type.js';

/** One setting: where it can be written, how it is read, what it is for. The key in the table is its config file key. */
export interface Setting<T> {
  flag: `--${string}`;
  env: string;
  type: ValueType<T>;
  placeholder: string;
  help: string;
}

/** Every setting, once. It holds no defaults, so that a flag that was not written overrides nothing. */
export const SETTINGS: { readonly [K in keyof ServerConfig]: Setting<NonNullable<ServerConfig[K]>> } = {
  port: {
    flag: '--port',
    env: 'PORT',
    type: wholeNumber(0, 65_535),
    placeholder: 'number',
    help: 'TCP port to listen on; 0 takes a free one',
  },
  host: {
    flag: '--host',
    env: 'HOST',
    type: textLike(/^[\w.:%-]+$/, 'an address or host name such as 127.0.0.1, ::1, 0.0.0.0 or localhost'),
    placeholder: 'address',
    help: 'address to listen on; 0.0.0.0 or :: for every network',
  },
  auth: {
    flag: '--auth',
    env: 'SIGNAL_AUTH',
    type: oneOf('open'),
    placeholder: 'mode',
    help: 'who may log in; open: anybody, under any name (for development)',
  },
  corsOrigin: {
    flag: '--cors-origin',
    env: 'CORS_ORIGIN',
    type: origins,
    placeholder: 'list',
    help: 'origins of the web pages that may use this server, a comma between two; * for any',
  },
  path: {
    flag: '--path',
    env: 'SIGNAL_PATH',
    type: textLike(/^(\/[\w.~-]+)+$/, 'a path such as /socket.io'),
    placeholder: 'path',
    help: 'path of the Socket.IO endpoint',
  },
  ringTimeoutMs: {
    flag: '--ring-timeout',
    env: 'SIGNAL_RING_TIMEOUT',
    type: duration,
    placeholder: 'duration',
    help: 'how long a call rings before it ends as not answered',
  },
  graceMs: {
    flag: '--grace',
    env: 'SIGNAL_GRACE',
    type: duration,
    placeholder: 'duration',
    help: 'how long a call waits for a device that lost its connection',
  },
  maxCallsPerUser: {
    flag: '--max-calls-per-user',
    env: 'SIGNAL_MAX_CALLS_PER_USER',
    type: wholeNumber(1, 1000),
    placeholder: 'number',
    help: 'live calls that one user may be in',
  },
  logLevel: {
    flag: '--log-level',
    env: 'SIGNAL_LOG_LEVEL',
    type: oneOf('silent', 'error', 'warn', 'info', 'debug'),
    placeholder: 'level',
    help: 'the least important log lines to show: silent, error, warn, info or debug',
  },
  logFormat: {
    flag: '--log-format',
    env: 'SIGNAL_LOG_FORMAT',
    type: oneOf('auto', 'pretty', 'json'),
    placeholder: 'format',
    help: 'pretty, json, or auto: pretty on a terminal, json otherwise',
  },
};

/** The names of the settings, in the order of the help text. */
// The table has exactly the keys of ServerConfig: its type says so.
export const SETTING_NAMES = Object.keys(SETTINGS) as (keyof ServerConfig)[];

/** Where the path of the config file itself comes from. */
export const CONFIG_FILE = { flag: '--config', env: 'SIGNAL_CONFIG' } as const;
