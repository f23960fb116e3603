import type { Stores } from 'signal-core';
import { createRedisStores } from 'signal-core/redis';
import type { FakeClock } from 'signal-core/testing';
import type { RedisConnection, RedisProcess } from '../redis/redis-process.ts';
import { WatchedRedis } from '../redis/watched-redis.ts';
import type { NewGround } from './ground.ts';
import { Truth } from './truth.ts';

/** Two nodes on a Redis, for one story after the other: each has keys of its own. */
export async function onRedis(redis: RedisProcess): Promise<NewGround> {
  const [own, ...clients] = await Promise.all([redis.connect(), redis.connect(), redis.connect()]);
  const watched = new WatchedRedis(own);
  let stories = 0;
  return (clock) => {
    stories += 1;
    const keyPrefix = `story ${stories}`;
    const storesOf = (client: RedisConnection) =>
      telling(clock, createRedisStores({ client: watched.watched(client), keyPrefix }));
    const truth = new Truth(storesOf(own));
    return {
      truth,
      stores: clients.map((client) => truth.watched(storesOf(client))),
      mendsInMs: 0,
      quiet: () => watched.quiet(),
    };
  };
}

/** The stores, whose time is that of the story. */
function telling(clock: FakeClock, stores: Stores): Stores {
  const { nodes } = stores;
  if (nodes === undefined) throw new Error('these stores are of one node');
  const { leases } = nodes;
  return {
    ...stores,
    nodes: {
      ...nodes,
      leases: {
        beat: async (self) => ({ ...(await leases.beat(self)), at: clock.now() }),
        claim: (dead, self) => leases.claim(dead, self),
        buried: (dead) => leases.buried(dead),
        leave: (self) => leases.leave(self),
        takeTurn: (ms) => leases.takeTurn(ms),
      },
    },
  };
}
