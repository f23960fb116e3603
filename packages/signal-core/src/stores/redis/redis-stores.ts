import { systemClock } from '../../clock.js';
import { guarded, type Logger, silentLogger } from '../../log.js';
import type { Stores } from '../stores.js';
import { RedisKeys } from './keys.js';
import type { RedisClient } from './redis-client.js';
import { RedisLink } from './redis-link.js';
import { RedisNodeBus } from './redis-node-bus.js';
import { RedisNodeLeases } from './redis-node-leases.js';
import { RedisPresenceStore } from './redis-presence-store.js';
import { RedisRateLimitStore } from './redis-rate-limit-store.js';
import { RedisRevocationStore } from './redis-revocation-store.js';
import { redisScopes } from './redis-scopes.js';
import { RedisUserDirectory } from './redis-user-directory.js';

/** What {@link createRedisStores} is made of. */
export interface RedisStoresOptions {
  /** Connected, or about to be, with a listener to its `error` event. It stays the caller's to close, after the server. */
  client: RedisClient;
  /** What the names of all keys begin with; no braces. Servers with the same one are nodes that share everything. */
  keyPrefix: string;
  /** Where it is told that nodes cannot hear each other. @default none */
  logger?: Logger;
}

/**
 * All state in Redis 6.2 or later, shared by all servers with the same `keyPrefix`: a call may have its ends at two of
 * them, and outlives the death of one. Each server needs stores of its own. Redis must not evict (`maxmemory-policy
 * noeviction`, or one that is `volatile`).
 *
 * @throws TypeError for a prefix that is empty or holds a brace
 * @example
 * const client = createClient({ url: process.env.REDIS_URL });
 * client.on('error', (error) => console.error(error.message));
 * await client.connect();
 * const stores = createRedisStores({ client, keyPrefix: 'signal' });
 * const signaling = new SignalingServer({ auth: 'open' }, { stores });
 */
export function createRedisStores({ client, keyPrefix, logger = silentLogger }: RedisStoresOptions): Stores {
  const [keys, link] = [new RedisKeys(keyPrefix), new RedisLink(client)];
  const parts = { client, link, keys, clock: systemClock, log: guarded(logger) };
  const presence = new RedisPresenceStore(parts);
  return {
    ...redisScopes(link, keys),
    presence,
    users: new RedisUserDirectory(link, keys),
    rates: new RedisRateLimitStore(link, keys),
    revocations: new RedisRevocationStore(link, keys),
    nodes: {
      bus: new RedisNodeBus(parts),
      leases: new RedisNodeLeases(link, keys),
      sessionsOf: (node) => presence.heldBy(node),
    },
  };
}
