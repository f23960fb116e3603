import { beforeAll, test } from 'vitest';
import { scaled } from '../domain/scale.ts';
import { describeOnRedis, sharedRedis } from '../redis/redis-process.ts';
import type { NewGround } from './ground.ts';
import { onRedis } from './on-redis.ts';
import { FULL_SCALE_MS, tellStories } from './tell-stories.ts';

describeOnRedis('the stories on Redis', () => {
  const redis = sharedRedis();
  let ground: NewGround;
  beforeAll(async () => {
    ground = await onRedis(redis());
  });

  test(
    '[NODE-1] [NODE-2] [NODE-4] [STORE-8] whatever users do with a device of each at either of two nodes, everybody tells the same story',
    () => tellStories('two nodes on Redis', { ground, isRoaming: false }, scaled(50, 1_000)),
    FULL_SCALE_MS,
  );

  test(
    '[NODE-1] [NODE-5] [STORE-8] and so they do when a device comes back at another node each time',
    () => tellStories('two nodes on Redis, roaming', { ground, isRoaming: true }, scaled(50, 1_000)),
    FULL_SCALE_MS,
  );
});
