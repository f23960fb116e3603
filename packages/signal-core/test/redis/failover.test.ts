import { createClient } from 'redis';
import { createRedisStores } from 'signal-core/redis';
import { ScriptedClient, startTestServer, type TestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { answer, ring, stillTalking, talk } from '../e2e/call-steps.ts';
import { describeOnRedis, RedisProcess } from './redis-process.ts';
import { Switch } from './switch.ts';

const PREFIX = 'signal';

/** How long it may take until nodes and store agree, in milliseconds. */
const CONVERGED_MS = 10_000;

/** Two nodes on a Redis that has a replica. */
async function start() {
  const primary = await RedisProcess.start();
  onTestFinished(() => primary.stop());
  const replica = await RedisProcess.start({ of: primary });
  onTestFinished(() => replica.stop());
  const address = await Switch.to(primary.port);
  onTestFinished(() => address.close());
  const nodes: TestServer[] = [];
  for (let node = 0; node < 2; node += 1) {
    const client = createClient({ socket: { host: '127.0.0.1', port: address.port, reconnectStrategy: 20 } });
    client.on('error', () => {});
    await client.connect();
    onTestFinished(() => client.destroy());
    const server = await startTestServer({ stores: createRedisStores({ client, keyPrefix: PREFIX }) });
    onTestFinished(() => server.close());
    nodes.push(server);
  }
  const join = async (node: number, username: string) => {
    const url = nodes[node]?.url ?? '';
    const client = new ScriptedClient({ url, transport: 'websocket', name: username });
    onTestFinished(() => client.close());
    await client.connect();
    await client.join({ id: username, username, protocol: 2, deviceId: 'phone' });
    return client;
  };
  const [before, after] = [await primary.connect(), await replica.connect()];
  const stores = createRedisStores({ client: after, keyPrefix: PREFIX });
  return {
    nodes,
    join,
    stores,
    /** From now on the replica hears of nothing any more. */
    async forget() {
      expect(await before.wait(1, 5_000)).toBe(1);
      await after.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    },
    /** The primary is killed, and what was its replica is in its place. */
    async failOver() {
      const killed = primary.kill();
      address.turnTo(replica.port);
      await killed;
    },
  };
}

describeOnRedis('a failover of Redis', () => {
  test('[NODE-10] that loses a second of writes within one beat: all is told again in 10 s, and nothing goes back', {
    timeout: 30_000,
  }, async () => {
    const { nodes, join, stores, forget, failOver } = await start();
    const at = async (node: number, ...names: string[]) => Promise.all(names.map((name) => join(node, name)));
    const [alice, carol, erin] = await at(0, 'alice', 'carol', 'erin');
    const [bob, dave, frank, hank] = await at(1, 'bob', 'dave', 'frank', 'hank');
    if (!alice || !bob || !carol || !dave || !erin || !frank || !hank) throw new Error('somebody is missing');
    const answered = await ring(alice, bob);
    const over = await talk(carol, dave);

    await forget();
    await answer(bob, alice, answered);
    carol.send('end_call', { callId: over });
    expect(await dave.next('call_ended')).toMatchObject({ callId: over });
    const placed = await ring(erin, frank);
    const gina = await join(0, 'gina');
    hank.close();
    const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'gina', 'hank'];
    await failOver();

    const seen = async () => ({
      calls: Object.fromEntries((await stores.in('').calls.live()).map(({ id, status }) => [id, status])),
      stored: (await Promise.all(names.map((name) => stores.presence.sessionsOf(name))))
        .flat()
        .map(({ user }) => user.id),
      online: await Promise.all(
        nodes.map(async ({ signaling }) => (await signaling.onlineUsers()).map(({ id }) => id).sort()),
      ),
    });
    const there = names.filter((name) => name !== 'hank');
    await expect.poll(seen, { timeout: CONVERGED_MS, interval: 100 }).toEqual({
      calls: { [answered]: 'active', [placed]: 'ringing' },
      stored: there,
      online: [there, there],
    });
    await stillTalking(alice, bob, answered);
    await answer(frank, erin, placed);
    await stillTalking(erin, frank, placed);
    for (const client of [alice, bob, carol, dave, erin, frank, gina]) {
      await client.quiet('call_ended', 'call_status', 'incoming_call', 'session_replaced');
      expect(client.socket.connected).toBe(true);
    }
    await talk(carol, dave);
  });
});
