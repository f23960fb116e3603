import { createRedisStores } from 'signal-core/redis';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { RedisKeys } from '../../src/stores/redis/keys.ts';
import { toRecord } from '../../src/stores/redis/record.ts';
import { talk } from '../e2e/call-steps.ts';
import { describeOnRedis, type RedisConnection, RedisProcess } from './redis-process.ts';

const KEYS = new RedisKeys('signal');
const CALLS = KEYS.in('');
const SECRET = 'a=ice-pwd:cdefghijklmnopqrstuvwxyz';

const HALF = '1 {"device":"zoe/phone","node":"dead","scope":""}';

/** What no reader can make anything of: no JSON, another schema, another shape, nothing. */
const POISONS = [SECRET, `2 {"sdp":"${SECRET}"}`, '0 {}', '1 {}', HALF, '1 null', '1 7', `1 [${SECRET}`, ''];

const session = (id: string, node: string) => ({
  device: `${id}/phone`,
  user: { id, username: id },
  socketId: 's1',
  legacy: false,
  userAgent: '',
  features: [],
  scope: '',
  node,
});

/** A list of sessions as it is stored, with such a record in it. */
const listed = (id: string, node: string, record: string) => JSON.stringify([[`${id}/phone`, 's1', node, record]]);

/** Leases, burials and sessions of nodes that are gone, of which nothing can be read but what one of them held. */
async function poisonNodes(client: RedisConnection): Promise<void> {
  await client.hSet(KEYS.sessions, 'zoe', listed('zoe', 'dead', toRecord(session('zoe', 'dead'))));
  await client.sAdd(KEYS.held('dead'), ['zoe/phone', 'no device']);
  await client.hSet(KEYS.nodes, 'dead', '1 1');
  for (const [n, poison] of POISONS.entries()) {
    await client.hSet(KEYS.sessions, `list ${n}`, poison);
    await client.hSet(KEYS.sessions, `record${n}`, listed(`record${n}`, 'dead', poison));
    await client.sAdd(KEYS.held('dead'), [`record${n}/phone`, `list ${n}/phone`]);
    await client.hSet(KEYS.nodes, `silent ${n}`, poison);
    await client.hSet(KEYS.burials, `begun ${n}`, poison);
  }
}

/** Calls that nobody can read, each in the line of a user, and due. */
async function poisonCalls(client: RedisConnection): Promise<void> {
  for (const [n, poison] of POISONS.entries()) {
    await client.hSet(CALLS.calls, `call ${n}`, n % 2 === 0 ? poison : `1 ringing ${poison}`);
    await client.hSet(CALLS.lines, `caller ${n}`, `1 ["call ${n}"]`);
    await client.hSet(CALLS.lines, `line ${n}`, poison);
    await client.zAdd(CALLS.due, { score: 1, value: `call ${n}` });
    await client.hSet(KEYS.users, `user ${n}`, poison);
  }
}

/** Changes of presence and messages of nodes. */
async function poisonStreams(client: RedisConnection): Promise<void> {
  const nodes = (await client.hKeys(KEYS.nodes)).map((node) => KEYS.node(node));
  for (const poison of POISONS) {
    await client.xAdd(KEYS.presence, '*', { n: poison, device: 'x', session: poison });
    const n = String(await client.incr(KEYS.presenceSeq));
    await client.xAdd(KEYS.presence, '*', { n, device: 'zoe/laptop', session: poison });
    for (const stream of nodes) await client.xAdd(stream, '*', { from: 'dead', 0: poison });
  }
}

describeOnRedis('what cannot be read in Redis', () => {
  test('[NODE-13] [NODE-6] [STORE-9] hides nobody who is online, keeps no dead node unburied, and stops no node', async () => {
    const redis = await RedisProcess.start();
    onTestFinished(() => redis.stop());
    const client = await redis.connect();
    await poisonNodes(client);
    await poisonCalls(client);
    const logged: unknown[] = [];
    const log = (fields: object, message: string) => void logged.push([message, String(Object(fields).err), fields]);
    const nodes = await Promise.all(
      [0, 1].map(async () => {
        const logger = { debug: log, info: log, warn: log, error: log };
        const stores = createRedisStores({ client: await redis.connect(), keyPrefix: 'signal', logger });
        const server = await startTestServer({ stores, logger });
        onTestFinished(() => server.close());
        return server;
      }),
    );
    const join = async (node: number, id: string) => {
      const at = new ScriptedClient({ url: nodes[node]?.url ?? '', transport: 'websocket', name: id });
      onTestFinished(() => at.close());
      await at.connect();
      await at.join({ id, username: id });
      return at;
    };
    const online = () =>
      Promise.all(nodes.map(async ({ signaling }) => (await signaling.onlineUsers()).map(({ id }) => id).sort()));

    const alice = await join(0, 'alice');
    await expect.poll(online).toEqual(Array(2).fill(['alice', 'zoe']));
    await poisonStreams(client);
    const bob = await join(1, 'bob');
    await expect.poll(online).toEqual(Array(2).fill(['alice', 'bob', 'zoe']));
    const callId = await talk(alice, bob);
    for (const { signaling } of nodes) expect((await signaling.activeCalls()).map(({ id }) => id)).toEqual([callId]);

    // who is silent, and what was begun and not ended, is looked after a lease after it was found
    await expect.poll(() => client.hKeys(KEYS.nodes), { timeout: 20_000 }).toHaveLength(2);
    await expect.poll(() => client.hLen(KEYS.burials), { timeout: 20_000 }).toBe(0);
    await expect.poll(online, { timeout: 10_000 }).toEqual(Array(2).fill(['alice', 'bob']));
    alice.send('end_call', { callId });
    await bob.next('call_ended');
    expect(JSON.stringify(logged)).not.toContain('ice-pwd');
  }, 60_000);
});
