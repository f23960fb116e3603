import type { NodeId, UserId } from '../../domain/ids.js';

interface KeyKind {
  type: 'hash' | 'set' | 'stream' | 'string' | 'zset';
  /** What is in it. `record` is what `record.ts` writes, the schema first. */
  holds: string;
  /** When Redis lets it go by itself; what is right never depends on it, since `now` is the caller's. */
  expires?: string;
}

/** How long after its time a key stays, in milliseconds: clocks differ, and lapsed values are told by their content. */
export const EXPIRY_MARGIN_MS = 60_000;

/**
 * Everything that is kept in Redis. What one script touches shares a hash tag: that of a scope, or that of all. It is one
 * Redis nevertheless, and no cluster: a node follows one server. The hashes are never let go by Redis: it needs
 * `maxmemory-policy noeviction`, or a `volatile` one.
 */
export const KEY_TABLE = {
  calls: { type: 'hash', holds: 'call → "version status record", until 120 s after the end of the call' },
  due: { type: 'zset', holds: 'live call → its deadline, or when the claim to it lapses; epoch milliseconds' },
  ended: { type: 'zset', holds: 'ended call → when it ended; epoch milliseconds' },
  lines: { type: 'hash', holds: 'user with live calls → "version [call, …]"' },
  'line-version': {
    type: 'string',
    holds: 'the last version of any line; begins with the time, so none ever repeats. It goes with the last call',
  },
  scopes: {
    type: 'zset',
    holds:
      'scope → when it was listed, epoch seconds: before the first commit that finds no line-version. It goes when it has ' +
      'no call and was not listed for a minute: whoever lists it writes within 2 s, or is refused',
  },
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
  node: {
    type: 'stream',
    holds: 'what a node has not read yet, 10,000 entries or so: "from", and records by number',
    expires: '30 s after the last was written',
  },
  revoked: {
    type: 'hash',
    holds:
      '"user <id>" → until when credentials were issued that are taken back, epoch milliseconds; "jti <name>" → ""',
  },
  'revoked-order': {
    type: 'zset',
    holds: 'field of revoked → when it was written, microseconds of Redis, none twice; of 200,000 the oldest goes',
  },
  sessions: {
    type: 'hash',
    holds:
      'user with sessions → [[device, connection, node, record], …] in the order of joining; each goes with its device',
  },
  presence: {
    type: 'stream',
    holds:
      'changes of sessions, the last 100,000 or so: "n" without a gap, "device", "session" (a record, or empty). One for ' +
      'all scopes, since every node lists all of them, and with the hash tag of the sessions, since one script writes both',
  },
  'presence-seq': {
    type: 'string',
    holds: 'the number of the last change; begins with the time, so none ever repeats',
  },
  held: { type: 'set', holds: 'of a node: the devices that it holds; goes with the last of them' },
  nodes: {
    type: 'hash',
    holds: 'node → "last beat, beats without a gap since", by the clock of Redis; until it is dead',
  },
  burials: { type: 'hash', holds: 'dead node → "who takes over its devices, since when"; until that is done' },
  dead: { type: 'zset', holds: 'dead node → when it was buried; for an hour' },
  turn: {
    type: 'string',
    holds: '"1" while some node does what one does for all',
    expires: 'when it is the turn of whoever comes next',
  },
  memory: { type: 'string', holds: 'a random name: another one means that everything was forgotten' },
} as const satisfies Record<string, KeyKind>;

type KeyName = keyof typeof KEY_TABLE;

/** The names of what is of one scope. */
export class ScopeKeys {
  /** As it is listed under {@link ScopeKeys.scopes}. */
  readonly scope: string;
  readonly scopes: string;
  readonly calls: string;
  readonly due: string;
  readonly ended: string;
  readonly lines: string;
  readonly lineVersion: string;
  readonly #tag: string;

  constructor(prefix: string, scope: string, scopes: string) {
    this.scope = toKeyPart(scope);
    this.scopes = scopes;
    this.#tag = `{${prefix}:${this.scope}}`;
    this.calls = this.#tagged('calls');
    this.due = this.#tagged('due');
    this.ended = this.#tagged('ended');
    this.lines = this.#tagged('lines');
    this.lineVersion = this.#tagged('line-version');
  }

  claims(userId: UserId): string {
    return `${this.#tagged('claims')}:${userId}`;
  }

  #tagged(name: KeyName): string {
    return `${this.#tag}:${name}`;
  }
}

/** The names of all keys under one prefix. */
export class RedisKeys {
  readonly #prefix: string;

  /** @throws TypeError for a prefix that is empty or holds a brace, which would move the hash tag */
  constructor(prefix: string) {
    if (!/^[^{}]+$/.test(prefix)) throw new TypeError('keyPrefix must have characters, and no braces');
    this.#prefix = prefix;
  }

  in(scope: string): ScopeKeys {
    return new ScopeKeys(this.#prefix, scope, this.scopes);
  }

  get scopes(): string {
    return this.#tagged('scopes');
  }

  get users(): string {
    return this.#tagged('users');
  }

  get seen(): string {
    return this.#tagged('seen');
  }

  get revoked(): string {
    return this.#tagged('revoked');
  }

  get revokedOrder(): string {
    return this.#tagged('revoked-order');
  }

  get sessions(): string {
    return this.#tagged('sessions');
  }

  get presence(): string {
    return this.#tagged('presence');
  }

  get presenceSeq(): string {
    return this.#tagged('presence-seq');
  }

  get nodes(): string {
    return this.#tagged('nodes');
  }

  get burials(): string {
    return this.#tagged('burials');
  }

  get dead(): string {
    return this.#tagged('dead');
  }

  get memory(): string {
    return this.#tagged('memory');
  }

  get turn(): string {
    return this.#tagged('turn');
  }

  held(node: NodeId): string {
    return `${this.#tagged('held')}:${node}`;
  }

  node(id: NodeId): string {
    return `${this.#tagged('node')}:${id}`;
  }

  /** Without a hash tag: a script touches one bucket. */
  rate(key: string): string {
    return `${this.#prefix}:${'rate' satisfies KeyName}:${key}`;
  }

  /** The hash tag of what is of no scope, or of the scope `''`. */
  #tagged(name: KeyName): string {
    return `{${this.#prefix}:}:${name}`;
  }
}

/** A scope in letters that mean nothing in a key; half a surrogate pair, which is no UTF-8, as JSON has it. */
function toKeyPart(scope: string): string {
  return encodeURIComponent(JSON.stringify(scope).slice(1, -1));
}

/** The scope that {@link ScopeKeys.scope} names. */
export function fromKeyPart(part: string): string {
  return JSON.parse(`"${decodeURIComponent(part)}"`) as string;
}
