import { AUTH_SETTINGS } from './auth-settings.js';
import { EXPOSURE_SETTINGS } from './exposure-settings.js';
import { origins } from './network-types.js';
import { REDIS_SETTINGS } from './redis-settings.js';
import type { ServerConfig } from './server-config.js';
import type { Setting, SettingsOf } from './setting.js';
import { duration, oneOf, textLike, wholeNumber } from './value-type.js';

/** Every setting, once. It holds no defaults, so that a flag that was not written overrides nothing. */
export const SETTINGS: SettingsOf<keyof ServerConfig> = {
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
    absent: 'this machine only',
  },
  ...AUTH_SETTINGS,
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
  ...EXPOSURE_SETTINGS,
  ...REDIS_SETTINGS,
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

/** Whether the value of a setting is shown to nobody. */
export function isSecret(name: keyof ServerConfig): boolean {
  return SETTINGS[name].flag === undefined;
}

/** How a person would write a setting: its flag, or its variable. */
export function nameOf(name: keyof ServerConfig): string {
  // the settings of the table differ in the type of their value only
  const { flag, env }: Pick<Setting<unknown>, 'flag' | 'env'> = SETTINGS[name];
  return flag ?? env;
}

/** Where the path of the config file itself comes from. */
export const CONFIG_FILE = { flag: '--config', env: 'SIGNAL_CONFIG' } as const;
