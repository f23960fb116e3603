import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from 'redis';
import { createRedisStores, type RedisClient } from 'signal-core/redis';
import { startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { describeOnRedis, RedisProcess } from './redis-process.ts';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

test('[STORE-12] neither signal-core nor signal-core/redis loads redis', async () => {
  const code = `
    import { createRequire } from 'node:module';
    const { SignalingServer } = await import('signal-core');
    const { createRedisStores } = await import('signal-core/redis');
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    console.log(typeof SignalingServer, typeof createRedisStores, loaded.filter((path) => /redis.client/.test(path)).length);
  `;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: PACKAGE });
  expect(stdout).toBe('function function 0\n');
});

test('[STORE-12] a client of node-redis fits', () => {
  // the compiler says so
  const client: RedisClient = createClient();
  const stores = createRedisStores({ client, keyPrefix: 'signal' });
  expect(Object.keys(stores).toSorted()).toEqual([
    'in',
    'nodes',
    'presence',
    'rates',
    'revocations',
    'scopes',
    'users',
  ]);
  expect(() => createRedisStores({ client, keyPrefix: 'a{b}' })).toThrow(TypeError);
});

describeOnRedis('createRedisStores', () => {
  test('[STORE-12] a server that closes leaves nothing behind that keeps Redis busy, nor closes the client', async () => {
    const redis = await RedisProcess.start();
    onTestFinished(() => redis.stop());
    const client = await redis.connect();
    const stores = createRedisStores({ client, keyPrefix: 'signal' });
    const server = await startTestServer({ stores });
    onTestFinished(() => server.close());
    const connected = async () => Number((await client.info('clients')).match(/connected_clients:(\d+)/)?.[1]);
    // the client, one that reads messages, and one that follows who is online
    await expect.poll(connected).toBe(3);
    await server.close();
    await expect.poll(connected).toBe(1);
    expect(client.isReady).toBe(true);
  });
});
