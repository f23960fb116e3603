import { createRedisStores } from 'signal-core/redis';
import { startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { sampleRinging } from '../../src/testing/sample-calls.ts';
import { describeOnRedis, type RedisConnection, RedisProcess } from './redis-process.ts';

const SCOPES = 100;
const NODES = 2;

/** How often each command was asked for, those of scripts among them. */
async function commands(client: RedisConnection): Promise<(name: string) => number> {
  const stats = await client.info('commandstats');
  return (name) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

describeOnRedis('nodes at rest', () => {
  test('[NODE-15] look at each of 100 scopes every 3 s, all of them together', { timeout: 20_000 }, async () => {
    const redis = await RedisProcess.start();
    onTestFinished(() => redis.stop());
    const client = await redis.connect();
    const stores = createRedisStores({ client, keyPrefix: 'signal' });
    const call = sampleRinging('c1', { dueAt: Date.now() + 3_600_000 });
    for (let n = 0; n < SCOPES; n += 1) {
      await stores.in(`scope ${n}`).calls.commit({ calls: [{ call, expectedVersion: 0 }], lines: [] });
    }
    for (let node = 0; node < NODES; node += 1) {
      const own = createRedisStores({ client: await redis.connect(), keyPrefix: 'signal' });
      const server = await startTestServer({ stores: own });
      onTestFinished(() => server.close());
    }
    await client.configResetStat();
    // each node asks every second whether it is its turn
    const seconds = async () => (await commands(client))('set') / NODES / 2;
    await expect.poll(seconds, { timeout: 15_000, interval: 100 }).toBeGreaterThanOrEqual(7);
    const counts = await commands(client);
    expect(counts('exists')).toBeGreaterThanOrEqual(2 * SCOPES);
    expect(counts('exists')).toBeLessThanOrEqual(3 * SCOPES);
    expect(counts('evalsha')).toBeLessThanOrEqual(3 * SCOPES + NODES * 12);
  });
});
