import type { UserId } from '../../domain/ids.js';
import type { Revocation } from '../../domain/revocation.js';
import { MAX_REVOCATIONS } from '../../domain/revocations.js';
import type { RevocationNews, RevocationStore } from '../revocation-store.js';
import type { RedisKeys } from './keys.js';
import { ADD_REVOCATIONS, REVOKED_SINCE } from './lua/revocations.js';
import type { RedisLink } from './redis-link.js';
import { textsOf } from './reply.js';

/** How many are read at once, so that nobody else waits for long. */
const PAGE = 1_000;

const OF_USER = 'user ';
const BY_NAME = 'jti ';

/** What was taken back, in Redis: without an expiry, since what expires may be evicted, and be good again. */
export class RedisRevocationStore implements RevocationStore {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #max: number;

  /** @param max - how many are remembered */
  constructor(link: RedisLink, keys: RedisKeys, max = MAX_REVOCATIONS) {
    this.#link = link;
    this.#keys = keys;
    this.#max = max;
  }

  async add(revocations: readonly Revocation[]): Promise<void> {
    const { revoked, revokedOrder } = this.#keys;
    await this.#link.run(ADD_REVOCATIONS, [revoked, revokedOrder], [this.#max, ...revocations.flatMap(fieldsOf)]);
  }

  async of(userId: UserId, jti?: string): Promise<Revocation[]> {
    const names = [OF_USER + userId, ...(jti === undefined ? [] : [BY_NAME + jti])];
    const found = await this.#link.ask((redis) => redis.hmGet(this.#keys.revoked, names));
    const values: unknown[] = Array.isArray(found) ? found : [];
    return names.flatMap((name, n) => {
      const value = values[n];
      return typeof value === 'string' ? readRevocation(name, value) : [];
    });
  }

  async since(cursor: number): Promise<RevocationNews> {
    const { revoked, revokedOrder } = this.#keys;
    const page = textsOf(await this.#link.run(REVOKED_SINCE, [revoked, revokedOrder], [cursor, PAGE]));
    const news: RevocationNews = { revocations: [], cursor };
    for (let n = 0; n < page.length; n += 3) {
      const [number, name = '', value = ''] = page.slice(n, n + 3);
      news.revocations.push(...readRevocation(name, value));
      news.cursor = Number(number);
    }
    return news;
  }
}

function fieldsOf(revocation: Revocation): [name: string, value: string] {
  if ('jti' in revocation) return [BY_NAME + revocation.jti, ''];
  return [OF_USER + revocation.userId, String(revocation.issuedBefore)];
}

/** @returns nothing for what nobody here has written */
function readRevocation(name: string, value: string): Revocation[] {
  if (name.startsWith(BY_NAME)) return [{ jti: name.slice(BY_NAME.length) }];
  const issuedBefore = Number(value);
  if (!name.startsWith(OF_USER) || value === '' || Number.isNaN(issuedBefore)) return [];
  return [{ userId: name.slice(OF_USER.length), issuedBefore }];
}
