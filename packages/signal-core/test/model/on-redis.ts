import { createRedisStores } from 'signal-core/redis';
import type { RedisConnection, RedisProcess } from '../redis/redis-process.ts';
import { WatchedRedis } from '../redis/watched-redis.ts';
import type { NewGround } from './ground.ts';
import { Truth } from './truth.ts';

/** Two nodes on a Redis, for one story after the other: each has keys of its own. */
export async function onRedis(redis: RedisProcess): Promise<NewGround> {
  const [own, ...clients] = await Promise.all([redis.connect(), redis.connect(), redis.connect()]);
  const watched = new WatchedRedis(own);
  let stories = 0;
  return () => {
    stories += 1;
    const keyPrefix = `story ${stories}`;
    const storesOf = (client: RedisConnection) => createRedisStores({ client: watched.watched(client), keyPrefix });
    const truth = new Truth(storesOf(own));
    return {
      truth,
      stores: clients.map((client) => truth.watched(storesOf(client))),
      mendsInMs: 0,
      quiet: () => watched.quiet(),
    };
  };
}
