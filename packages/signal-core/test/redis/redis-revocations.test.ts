import { randomUUID } from 'node:crypto';
import { createRedisStores } from 'signal-core/redis';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { describeOnRedis, RedisProcess } from './redis-process.ts';

async function startRedis() {
  const redis = await RedisProcess.start();
  onTestFinished(() => redis.stop());
  const storesOf = async () => createRedisStores({ client: await redis.connect(), keyPrefix: 'signal' });
  return { redis, storesOf };
}

describeOnRedis('revocations on Redis', () => {
  test('[NODE-16] outlive every node, and a connection costs one command for them', async () => {
    const { redis, storesOf } = await startRedis();
    const auth = { verifyToken: (jti: string) => ({ id: 'bob', username: 'bob', jti }) };
    const start = async () => {
      const server = await startTestServer({ stores: await storesOf(), auth });
      onTestFinished(() => server.close());
      return server;
    };
    const connect = (url: string, token: string) => {
      const client = new ScriptedClient({ url, transport: 'websocket', name: token, auth: { token } });
      onTestFinished(() => client.close());
      return client.connect();
    };
    const first = await start();
    await first.signaling.revoke({ jti: 'one' });
    await first.close();
    const { url } = await start();
    await expect(connect(url, 'one')).rejects.toMatchObject({ data: { code: 'unauthorized' } });
    const client = await redis.connect();
    await client.configResetStat();
    await connect(url, 'two');
    const stats = await client.info('commandstats');
    expect(/cmdstat_hmget:calls=(\d+)/.exec(stats)?.[1]).toBe('1');
  });

  test('[STORE-13] 200,000 of them take some 50 MB', { timeout: 20_000 }, async () => {
    const { redis, storesOf } = await startRedis();
    const { revocations } = await storesOf();
    const client = await redis.connect();
    const used = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
    const before = await used();
    for (let n = 0; n < 200; n += 1) {
      await revocations.add(Array.from({ length: 1_000 }, () => ({ jti: randomUUID() })));
    }
    expect((await used()) - before).toBeLessThan(55_000_000);
    await revocations.add([{ jti: 'one more' }]);
    expect(await client.zCard('{signal:}:revoked-order')).toBe(200_000);
  });
});
