import { inspect } from 'node:util';
import ipaddr from 'ipaddr.js';
import { checkAuth } from './auth/check-auth.js';
import { MAX_TIMER_MS } from './clock.js';
import type { SignalingServerOptions } from './options.js';

type Check = (value: unknown) => string | undefined;

const wholeNumber =
  (max: number, unit: string): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= max
      ? undefined
      : `a whole number of ${unit} from 1 to ${max}`;
const milliseconds = wholeNumber(MAX_TIMER_MS, 'milliseconds');
const aFunction: Check = (value) => (value === undefined || typeof value === 'function' ? undefined : 'a function');

/** By option: what it must be, when it is not that. */
export const OPTION_CHECKS: { [Name in keyof SignalingServerOptions]-?: Check } = {
  auth: checkAuth,
  path: (value) =>
    typeof value === 'string' && /^(\/[\w.~-]+)+$/.test(value) ? undefined : "a path such as '/socket.io'",
  origins: (value) =>
    value === '*' || isListOf(value, isOrigin) ? undefined : "'*' or a list of origins such as 'https://app.example'",
  ringTimeoutMs: milliseconds,
  graceMs: milliseconds,
  ringingGraceMs: milliseconds,
  presenceGraceMs: milliseconds,
  maxCallMs: milliseconds,
  maxCallsPerUser: wholeNumber(1000, 'calls'),
  joinTimeoutMs: milliseconds,
  presenceBudgetBytesPerSecond: wholeNumber(Number.MAX_SAFE_INTEGER, 'bytes'),
  limits: () => undefined,
  trustProxy: (value) =>
    isCount(value) || isListOf(value, isNetwork)
      ? undefined
      : 'a number of hops, or a list of addresses and networks such as 10.0.0.0/8, none of them everybody',
  iceServers: (value) => (isListOf(value, isIceServer) ? undefined : 'a list of {urls, …}'),
  turn: (value) =>
    value === undefined || isTurn(value) ? undefined : '{urls, secret, ttlSeconds?}, ttlSeconds from 60 to 86400',
  icePolicy: (value) => (value === 'all' || value === 'relay-only' ? undefined : "'all' or 'relay-only'"),
  metrics: (value) =>
    typeof value === 'boolean' || isMetricsOptions(value) ? undefined : 'true, false, or {registry?, token?}',
  canSee: aFunction,
  authorizeCall: aFunction,
  onUnreachable: aFunction,
  scopeOf: aFunction,
  logger: (value) =>
    ['debug', 'info', 'warn', 'error'].every((level) => typeof Object(value)[level] === 'function')
      ? undefined
      : 'an object with debug, info, warn and error',
};

/** `every` would pass over holes. */
function isListOf(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && Array.from(value).every(isMember);
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isNetwork(value: unknown): boolean {
  return typeof value === 'string' && (ipaddr.isValid(value) || (ipaddr.isValidCIDR(value) && !/\/0+$/.test(value)));
}

function isIceServer(value: unknown): boolean {
  const { urls, username, credential } = Object(value);
  return isUrls(urls) && isOptionalText(username) && isOptionalText(credential);
}

function isTurn(value: unknown): boolean {
  const { urls, secret, ttlSeconds = 600 } = Object(value);
  const isTtl = Number.isInteger(ttlSeconds) && ttlSeconds >= 60 && ttlSeconds <= 86_400;
  return isUrls(urls) && typeof secret === 'string' && secret !== '' && isTtl;
}

function isUrls(value: unknown): boolean {
  const urls: unknown[] = Array.isArray(value) ? Array.from(value) : [value];
  return urls.length > 0 && urls.every((url) => typeof url === 'string' && /^(stun|turn)s?:\S+$/.test(url));
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isMetricsOptions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { registry, token } = Object(value);
  return isOptionalText(token) && token !== '' && (registry === undefined || isRegistry(registry));
}

/** By what it can do: the host may have a prom-client of its own. */
function isRegistry(value: unknown): boolean {
  const needed = ['metrics', 'registerMetric', 'getSingleMetric', 'removeSingleMetric'];
  return needed.every((name) => typeof Object(value)[name] === 'function');
}

/** These hold secrets: of them only the names of what they hold are shown. */
const SECRET_OPTIONS = ['auth', 'turn', 'iceServers', 'metrics'];

/** How a wrong value is shown. */
export function shown(name: string, value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (SECRET_OPTIONS.includes(name) && typeof value === 'object' && value !== null) {
    return `an object with ${Object.keys(value).join(', ') || 'nothing in it'}`;
  }
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
}
