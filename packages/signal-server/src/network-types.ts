import { isIP } from 'node:net';
import type { ValueType } from './value-type.js';

/** Web origins, or `*` for any. */
export const origins: ValueType<readonly string[] | '*'> = {
  expects: 'origins such as http://localhost:5173 (no path, no slash at the end; a comma between two), or *',
  fromText: (value) => origins.fromJson(value === '*' ? value : entriesOf(value)),
  fromJson(value) {
    if (value === '*') return value;
    return listOf(value, isOrigin);
  },
};

/** Whose `X-Forwarded-*` headers count: a number of hops, or addresses and networks. */
export const proxies: ValueType<number | readonly string[]> = {
  expects:
    'a number of hops, or addresses and networks such as 10.0.0.0/8 (a comma between two; none of them everybody)',
  fromText: (value) => proxies.fromJson(/^\d+$/.test(value) ? Number(value) : entriesOf(value)),
  fromJson: (value) => (isHops(value) ? value : listOf(value, isNetwork)),
};

/** Addresses of STUN or TURN servers. */
export function iceUrls(kind: 'stun' | 'turn'): ValueType<readonly string[]> {
  const form = new RegExp(`^${kind}s?:[^\\s,]+$`);
  const fromJson = (value: unknown) =>
    listOf(value, (entry): entry is string => typeof entry === 'string' && form.test(entry));
  return {
    expects: `${kind}: or ${kind}s: addresses such as ${kind}:${kind}.example:3478 (a comma between two)`,
    fromText: (value) => fromJson(entriesOf(value)),
    fromJson,
  };
}

/** Where keys are fetched: whoever can change them on the way lets in whom they like. */
export const secureUrl: ValueType<string> = {
  expects: 'an https:// address without a password (http:// for this machine only)',
  fromText: (value) => secureUrl.fromJson(value),
  fromJson(value) {
    if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
    const { protocol, hostname, username, password } = new URL(value);
    if (username !== '' || password !== '') return undefined;
    const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    return protocol === 'https:' || (protocol === 'http:' && isHere) ? value : undefined;
  },
};

/** Where Redis is. */
export const redisUrl: ValueType<string> = {
  expects: 'a redis:// or rediss:// address such as redis://localhost:6379',
  fromText: (value) => redisUrl.fromJson(value),
  fromJson(value) {
    if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
    const { protocol, hostname, pathname } = new URL(value);
    const isRedis = (protocol === 'redis:' || protocol === 'rediss:') && hostname !== '';
    return isRedis && /^(\/\d*)?$/.test(pathname) ? value : undefined;
  },
};

/** What was written, less what may be the password in an address. */
export function withoutPasswords(text: string): string {
  // greedy: a password may hold anything, and who hides too much tells nobody
  return text.includes('://') ? text.replace(/:\/\/.*@/s, '://…@') : text.replace(/^(["']?).*@/s, '$1…@');
}

function entriesOf(text: string): string[] {
  return text.split(',').map((entry) => entry.trim());
}

function listOf(value: unknown, isEntry: (entry: unknown) => entry is string): readonly string[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.every(isEntry) ? list : undefined;
}

function isOrigin(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}

function isHops(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isNetwork(value: unknown): value is string {
  if (typeof value !== 'string' || value.includes('%')) return false;
  const [address = '', prefix, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^[1-9]\d*$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}
