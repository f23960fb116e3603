import { createRedisStores } from 'signal-core/redis';
import { type HeardEntry, ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { scaled } from '../domain/scale.ts';
import { ring } from '../e2e/call-steps.ts';
import { ANSWER, candidate } from '../e2e/session-descriptions.ts';
import { describeOnRedis, RedisProcess } from './redis-process.ts';

/** Candidates of each side of a call: some before the answer, some right behind it. */
const BEFORE = 10;
const BEHIND = 15;

async function twoNodes() {
  const redis = await RedisProcess.start();
  onTestFinished(() => redis.stop());
  const clients: ScriptedClient[] = [];
  for (const [node, name] of ['alice', 'bob'].entries()) {
    const stores = createRedisStores({ client: await redis.connect(), keyPrefix: 'signal' });
    const server = await startTestServer({ stores, limits: 'off' });
    onTestFinished(() => server.close());
    const client = new ScriptedClient({ url: server.url, transport: 'websocket', name: `${name} at node ${node}` });
    onTestFinished(() => client.close());
    await client.connect();
    await client.join({ id: name, username: name });
    clients.push(client);
  }
  return clients;
}

/** What a client heard of a call, in order: candidates by their number. */
function heard(log: readonly HeardEntry[], callId: string): string[] {
  return log.flatMap(({ event, payload }) => {
    const { callId: id, candidate: sent } = Object(payload);
    if (id !== callId) return [];
    return event === 'ice_candidate' ? `${sent.candidate}` : event === 'call_accepted' ? 'answer' : [];
  });
}

describeOnRedis('candidates between two nodes', () => {
  test('[NODE-4] never overtake the answer, nor each other', { timeout: 300_000 }, async () => {
    const [alice, bob] = await twoNodes();
    if (alice === undefined || bob === undefined) throw new Error('two clients');
    const calls = scaled(20, 200);
    let overtaken = 0;
    for (let n = 0; n < calls; n += 1) {
      const callId = await ring(alice, bob);
      const trickle = (from: ScriptedClient, to: ScriptedClient, first: number, count: number) => {
        for (let at = first; at < first + count; at += 1)
          from.send('ice_candidate', { to: to.id, candidate: candidate(at) });
      };
      trickle(alice, bob, 0, BEFORE);
      trickle(bob, alice, 0, BEFORE);
      bob.send('accept_call', { callId, answer: ANSWER });
      trickle(bob, alice, BEFORE, BEHIND);
      trickle(alice, bob, BEFORE, BEHIND);
      const all = Array.from({ length: BEFORE + BEHIND }, (_, at) => `${candidate(at).candidate}`);
      await expect.poll(() => heard(alice.log, callId).length, { timeout: 10_000 }).toBe(all.length + 1);
      await expect.poll(() => heard(bob.log, callId).length, { timeout: 10_000 }).toBe(all.length);
      overtaken += heard(alice.log, callId).indexOf('answer');
      expect(heard(alice.log, callId)).toEqual(['answer', ...all]);
      expect(heard(bob.log, callId)).toEqual(all);
      alice.send('end_call', { callId });
      await bob.next('call_ended', (ended) => ended.callId === callId);
    }
    expect(overtaken).toBe(0);
  });
});
