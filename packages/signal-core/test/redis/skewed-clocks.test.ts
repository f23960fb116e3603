import { createRedisStores } from 'signal-core/redis';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { ring, talk } from '../e2e/call-steps.ts';
import { describeOnRedis, RedisProcess } from './redis-process.ts';

/** How long a call may ring, and somebody lost may take to come back, in milliseconds. */
const TIME_MS = 2_000;

/** At least; who measures it begins a little earlier or later than the server. */
const AT_LEAST_MS = 1_500;

/** Two nodes: the clock of the first is right, that of the second is off. */
async function start(offMs: number) {
  const redis = await RedisProcess.start();
  onTestFinished(() => redis.stop());
  const urls: string[] = [];
  const isOff: Clock = { ...systemClock, now: () => Date.now() + offMs };
  for (const clock of [systemClock, isOff]) {
    const stores = createRedisStores({ client: await redis.connect(), keyPrefix: 'signal' });
    const limits = { ringTimeoutMs: TIME_MS, graceMs: TIME_MS, presenceGraceMs: TIME_MS };
    const server = await startTestServer({ stores, clock, ...limits });
    onTestFinished(() => server.close());
    urls.push(server.url);
  }
  return async (node: number, username: string) => {
    const client = new ScriptedClient({ url: urls[node] ?? '', transport: 'websocket', name: username });
    onTestFinished(() => client.close());
    await client.connect();
    await client.join({ id: username, username });
    return client;
  };
}

type Join = Awaited<ReturnType<typeof start>>;

/** Two people at different nodes; the first one's is named. */
async function pair(join: Join, node: number, name: string) {
  return [await join(node, `${name}-1`), await join(1 - node, `${name}-2`)] as const;
}

async function ringingFor(join: Join, node: number): Promise<number> {
  const [caller, callee] = await pair(join, node, `ring-${node}`);
  const began = performance.now();
  const callId = await ring(caller, callee);
  expect(await callee.next('call_ended')).toMatchObject({ callId, reason: 'no_answer' });
  return performance.now() - began;
}

async function waitingFor(join: Join, node: number): Promise<number> {
  const [lost, peer] = await pair(join, node, `lost-${node}`);
  const callId = await talk(peer, lost);
  const began = performance.now();
  await lost.cutWire();
  expect(await peer.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  return performance.now() - began;
}

describeOnRedis('nodes on Redis whose clocks differ', () => {
  test.for([60_000, -60_000])('[NODE-17] one that is off by %i ms ends no call early, nor late', async (offMs) => {
    const join = await start(offMs);
    const lasted = await Promise.all([0, 1].flatMap((node) => [ringingFor(join, node), waitingFor(join, node)]));
    for (const ms of lasted) expect(ms).toBeGreaterThan(AT_LEAST_MS);
  });
});
