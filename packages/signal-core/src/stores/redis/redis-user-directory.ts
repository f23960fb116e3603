import type { User } from '../../domain/call.js';
import type { UserId } from '../../domain/ids.js';
import type { DirectoryEntry, UserDirectory } from '../user-directory.js';
import type { RedisKeys } from './keys.js';
import { REMEMBER_USER } from './lua/remember-user.js';
import { fromRecord, toRecord } from './record.js';
import type { RedisLink } from './redis-link.js';
import { textsOf } from './reply.js';

/** In `open` mode anybody may add names; the longest unseen ones make room. */
const MAX_USERS = 1_000_000;

/** How many users are read at once, so that nobody else waits for long. */
const PAGE = 1_000;

/** Users in Redis. */
export class RedisUserDirectory implements UserDirectory {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #maxUsers: number;

  constructor(link: RedisLink, keys: RedisKeys, maxUsers = MAX_USERS) {
    this.#link = link;
    this.#keys = keys;
    this.#maxUsers = maxUsers;
  }

  async remember({ id, username, scope }: User & { scope?: string }, at: number): Promise<void> {
    const said = scope === undefined ? '' : JSON.stringify(scope);
    const args = [id, at, said, toRecord({ username }), this.#maxUsers];
    await this.#link.run(REMEMBER_USER, [this.#keys.users, this.#keys.seen], args);
  }

  async get(id: UserId): Promise<DirectoryEntry | undefined> {
    const [stored] = textsOf([await this.#link.ask((redis) => redis.hGet(this.#keys.users, id))]);
    return stored === undefined ? undefined : readEntry(id, stored);
  }

  /** Whoever is there all the while is listed, once; but for those who cannot be read. */
  async list(): Promise<DirectoryEntry[]> {
    const users = new Map<UserId, DirectoryEntry>();
    let cursor = '0';
    do {
      const page = await this.#link.ask((redis) => redis.hScan(this.#keys.users, cursor, { COUNT: PAGE }));
      // the answer of HSCAN, as node-redis gives it
      const { cursor: next, entries } = page as { cursor: string; entries: { field: string; value: string }[] };
      for (const { field: id, value } of entries) {
        const entry = entryIn(id, value);
        if (entry !== undefined) users.set(id, entry);
      }
      cursor = next;
    } while (cursor !== '0');
    return [...users.values()];
  }
}

function entryIn(id: UserId, stored: string): DirectoryEntry | undefined {
  try {
    return readEntry(id, stored);
  } catch {
    return undefined;
  }
}

/** @param stored - last seen, scope and record, a line each */
function readEntry(id: UserId, stored: string): DirectoryEntry {
  const [lastSeen, scope = 'null', record = ''] = stored.split('\n');
  // only `remember` writes here
  const { username } = fromRecord(record) as { username: string };
  const known = JSON.parse(scope) as string | null;
  return { id, username, lastSeen: Number(lastSeen), ...(known !== null && { scope: known }) };
}
