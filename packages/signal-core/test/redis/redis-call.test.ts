import { createRedisStores } from 'signal-core/redis';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { answer, ring } from '../e2e/call-steps.ts';
import { candidate } from '../e2e/session-descriptions.ts';
import { trickled } from '../e2e/talk-steps.ts';
import { describeOnRedis, type RedisConnection, RedisProcess } from './redis-process.ts';

async function start() {
  const redis = await RedisProcess.start();
  onTestFinished(() => redis.stop());
  const urls: string[] = [];
  for (let node = 0; node < 2; node += 1) {
    const stores = createRedisStores({ client: await redis.connect(), keyPrefix: 'signal' });
    const server = await startTestServer({ stores });
    onTestFinished(() => server.close());
    urls.push(server.url);
  }
  const join = async (node: number, username: string) => {
    const client = new ScriptedClient({ url: urls[node] ?? '', transport: 'websocket', name: username });
    onTestFinished(() => client.close());
    await client.connect();
    await client.join({ id: username, username });
    return client;
  };
  return { client: await redis.connect(), join };
}

/** How often each command was asked for, those of scripts among them. */
async function commands(client: RedisConnection): Promise<Map<string, number>> {
  const stats = await client.info('commandstats');
  return new Map(
    Array.from(stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g), ([, name = '', calls]) => [name, Number(calls)]),
  );
}

/** Everything that is in Redis, as text. */
async function contents(client: RedisConnection): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const key of await client.keys('*')) {
    const type = await client.type(key);
    const read = {
      hash: () => client.hGetAll(key),
      set: () => client.sMembers(key),
      stream: () => client.xRange(key, '-', '+'),
      string: () => client.get(key),
      zset: () => client.zRange(key, 0, -1),
    }[type];
    if (read === undefined) throw new Error(`${key} is a ${type}`);
    all.set(key, JSON.stringify(await read()));
  }
  return all;
}

describeOnRedis('a call between two nodes on Redis', () => {
  test('[NODE-3] of 23 messages costs a message between nodes each at most, and leaves no description behind', async () => {
    const { client, join } = await start();
    const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
    await client.configResetStat();
    const callId = await ring(alice, bob);
    await answer(bob, alice, callId);
    for (let n = 0; n < 10; n += 1) {
      alice.send('ice_candidate', { to: 'bob', candidate: candidate(n) });
      bob.send('ice_candidate', { to: 'alice', candidate: candidate(100 + n) });
    }
    for (const client of [alice, bob]) {
      await expect.poll(async () => (await trickled(client)).length).toBe(10);
    }
    const inStreams = async () => [...(await contents(client))].filter(([key]) => key.includes(':node:')).join();
    await expect.poll(async () => (await inStreams()).includes('ice-pwd')).toBe(false);
    alice.send('end_call', { callId });
    await bob.next('call_ended');
    const asked = await commands(client);
    expect(asked.get('xadd')).toBeLessThanOrEqual(23);
    await expect.poll(async () => [...(await contents(client)).values()].join().includes('ice-pwd')).toBe(false);
  });
});
