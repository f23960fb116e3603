import type { UserId } from '../../domain/ids.js';

interface KeyKind {
  type: 'hash' | 'string' | 'zset';
  /** What is in it. `record` is what `record.ts` writes, the schema first. */
  holds: string;
  /** When Redis lets it go by itself; what is right never depends on it, since `now` is the caller's. */
  expires?: string;
}

/** How long after its time a key stays, in milliseconds: clocks differ, and lapsed values are told by their content. */
export const EXPIRY_MARGIN_MS = 60_000;

/**
 * Everything that is kept in Redis. Those of the call store, and of the claims, share a hash tag: they change together.
 * The hashes are never let go by Redis: it needs `maxmemory-policy noeviction`, or a `volatile` one.
 */
export const KEY_TABLE = {
  calls: { type: 'hash', holds: 'call → "version status record", until 120 s after the end of the call' },
  due: { type: 'zset', holds: 'live call → its deadline, or when the claim to it lapses; epoch milliseconds' },
  ended: { type: 'zset', holds: 'ended call → when it ended; epoch milliseconds' },
  lines: { type: 'hash', holds: 'user with live calls → "version [call, …]"' },
  'line-version': { type: 'string', holds: 'the last version of any line; begins with the time, so none ever repeats' },
  users: {
    type: 'hash',
    holds: 'user → "last seen", "scope or null", "record", a line each; the cap is the directory\'s',
  },
  seen: { type: 'zset', holds: 'user → last seen; epoch milliseconds' },
  claims: {
    type: 'string',
    holds: 'of a user: [[call, until, record], …], the oldest claim first',
    expires: 'a minute after its last claim lapsed',
  },
  rate: {
    type: 'string',
    holds: 'a token bucket: when it is full; epoch milliseconds',
    expires: 'a minute after it is full',
  },
} as const satisfies Record<string, KeyKind>;

type KeyName = keyof typeof KEY_TABLE;

/** The names of all keys under one prefix. */
export class RedisKeys {
  readonly #prefix: string;

  /** @throws TypeError for a prefix that is empty or holds a brace, which would move the hash tag */
  constructor(prefix: string) {
    if (!/^[^{}]+$/.test(prefix)) throw new TypeError('keyPrefix must have characters, and no braces');
    this.#prefix = prefix;
  }

  get calls(): string {
    return this.#tagged('calls');
  }

  get due(): string {
    return this.#tagged('due');
  }

  get ended(): string {
    return this.#tagged('ended');
  }

  get lines(): string {
    return this.#tagged('lines');
  }

  get lineVersion(): string {
    return this.#tagged('line-version');
  }

  get users(): string {
    return this.#tagged('users');
  }

  get seen(): string {
    return this.#tagged('seen');
  }

  claims(userId: UserId): string {
    return `${this.#tagged('claims')}:${userId}`;
  }

  /** Without a hash tag: buckets spread over a cluster. */
  rate(key: string): string {
    return `${this.#prefix}:${'rate' satisfies KeyName}:${key}`;
  }

  /** One slot for all; what follows the colon in the tag is the place of a scope. */
  #tagged(name: KeyName): string {
    return `{${this.#prefix}:}:${name}`;
  }
}
