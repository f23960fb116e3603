import type { Stores } from 'signal-core';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { ring } from '../e2e/call-steps.ts';
import { connect } from './move-steps.ts';
import { Standstill } from './standstill.ts';
import { startNodes } from './two-nodes.ts';

/** Two nodes, of which the second one cannot reach the stores yet. */
async function startEarly(before: (gate: Standstill, stores: Stores) => Stores) {
  const gate = new Standstill();
  gate.shut();
  const stage = await startNodes({ before: (stores, node) => (node === 1 ? before(gate, stores) : stores) });
  onTestFinished(() => gate.open());
  await stage.clock.advance(1_000);
  const alice = await stage.join(0, 'alice');
  const bob = await connect(stage, 1, 'bob');
  return { ...stage, gate, alice, bob };
}

const BOB = { id: 'bob', username: 'bob', protocol: 2 };

/** Behind the gate there is nothing but what is named. */
const onlyLeases = (gate: Standstill, stores: Stores): Stores => {
  const behind = gate.before(stores);
  if (stores.nodes === undefined || behind.nodes === undefined) throw new Error('these stores are of one node');
  return { ...stores, nodes: { ...stores.nodes, leases: behind.nodes.leases } };
};
const onlyPresence = (gate: Standstill, stores: Stores): Stores => {
  const { subscribe } = gate.before(stores).presence;
  const { presence } = stores;
  return {
    ...stores,
    presence: {
      sessionsOf: (user) => presence.sessionsOf(user),
      swap: (change, expected) => presence.swap(change, expected),
      subscribe,
    },
  };
};

test.each([
  ['has not joined the others', onlyLeases],
  ['does not know who is online', onlyPresence],
])('[NODE-14] while a node %s joins wait, and a call goes through when they are let in', async (_, before) => {
  const { clock, nodes, gate, alice, bob } = await startEarly(before);
  expect(nodes.map(({ signaling }) => signaling.readiness)).toEqual(['ready', 'starting']);
  const joined = bob.join(BOB);
  const ringing = ring(bob, alice);
  await alice.settle();
  await clock.advance(1_900);
  await alice.settle();
  expect(bob.log).toEqual([]);
  gate.open();
  await clock.advance(0);
  const { onlineUsers } = await joined;
  expect(onlineUsers.map(({ id }) => id)).toEqual(['alice', 'bob']);
  await ringing;
  expect(nodes[1]?.signaling.readiness).toBe('ready');
});

test('[NODE-14] a join that waits for 2 s is refused, and may be tried again on the same connection', async () => {
  const { clock, gate, bob } = await startEarly(onlyLeases);
  const answer = bob.ask('join', BOB);
  let isAnswered = false;
  void answer.finally(() => {
    isAnswered = true;
  });
  for (let passed = 0; !isAnswered; passed += 100) {
    expect(passed).toBeLessThan(9_000);
    await clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await answer).toMatchObject({ ok: false, error: { code: 'unavailable', retryAfterMs: 2_000 } });
  gate.open();
  await clock.advance(0);
  expect((await bob.join(BOB)).self.id).toBe('bob');
});

test('[NODE-14] a node is not ready while its stores are away, and when it closes', async () => {
  const gate = new Standstill();
  const stage = await startNodes({ before: (stores) => gate.before(stores) });
  onTestFinished(() => gate.open());
  await stage.clock.advance(1_000);
  const [one, two] = stage.nodes.map(({ signaling }) => signaling);
  expect(one?.readiness).toBe('ready');
  gate.shut();
  await stage.clock.advance(8_000);
  expect([one?.readiness, two?.readiness]).not.toContain('ready');
  gate.open();
  await stage.clock.advance(2_000);
  expect(one?.readiness).toBe('ready');
  const closing = two?.close();
  expect(two?.readiness).toBe('draining');
  await closing;
});

test('[NODE-14] a server without others is ready at once', async () => {
  const { url, signaling, close } = await startTestServer();
  onTestFinished(close);
  expect(signaling.readiness).toBe('ready');
  const alice = await new ScriptedClient({ url, transport: 'websocket', name: 'alice' }).connect();
  onTestFinished(() => alice.close());
  await alice.join({ id: 'alice', username: 'alice' });
});
