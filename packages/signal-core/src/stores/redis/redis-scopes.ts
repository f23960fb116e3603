import type { Stores } from '../stores.js';
import { fromKeyPart, type RedisKeys } from './keys.js';
import { RedisCallStore } from './redis-call-store.js';
import type { RedisLink } from './redis-link.js';
import { RedisRestoreStore } from './redis-restore-store.js';
import { textsOf } from './reply.js';

/** The scopes in Redis: each has a hash tag of its own. */
export function redisScopes(link: RedisLink, keys: RedisKeys): Pick<Stores, 'in' | 'scopes'> {
  return {
    in(scope) {
      const own = keys.in(scope);
      return { calls: new RedisCallStore(link, own), restores: new RedisRestoreStore(link, own) };
    },
    async scopes() {
      return textsOf(await link.ask((redis) => redis.zRange(keys.scopes, 0, -1))).map(fromKeyPart);
    },
  };
}
