import { setTimeout as pause } from 'node:timers/promises';
import { createMemoryStores, type Stores } from 'signal-core';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { overriding, withCalls } from '../stores/overriding.ts';
import { callTo } from './call-steps.ts';

/** Stores that answer when they like, as those behind a network do. */
function slow(stores: Stores): Stores {
  const late = async <T>(answer: Promise<T>) => {
    const value = await answer;
    await pause(Math.random() * 15);
    return value;
  };
  const { presence } = stores;
  return {
    ...withCalls(stores, (calls) => overriding(calls, { line: (userId) => late(calls.line(userId)) })),
    presence: {
      subscribe: (...listeners) => presence.subscribe(...listeners),
      sessionsOf: (userId) => late(presence.sessionsOf(userId)),
      swap: (change, expected) => late(presence.swap(change, expected)),
    },
  };
}

async function serverWith(stores: Stores) {
  const server = await startTestServer({ stores, presenceGraceMs: 50, graceMs: 50, ringingGraceMs: 50 });
  onTestFinished(() => server.close());
  const connect = async (name: string) => {
    const client = await new ScriptedClient({ url: server.url, transport: 'websocket', name }).connect();
    onTestFinished(() => client.close());
    return client;
  };
  return { ...server, connect };
}

test('[JOIN-7] however slow the stores, of connections that join at once one speaks for the device, and none leaves a ghost', async () => {
  const { signaling, connect } = await serverWith(slow(createMemoryStores()));
  const bob = await connect('bob');
  await bob.join({ id: 'bob', username: 'bob' });
  for (let round = 0; round < 15; round += 1) {
    const rivals = await Promise.all(['one', 'two', 'three'].map((name) => connect(name)));
    for (const rival of rivals) rival.send('join', { id: 'alice', username: 'alice', deviceId: 'phone' });
    await expect.poll(() => rivals.filter(({ socket }) => socket.connected).length, { timeout: 3_000 }).toBe(1);
    const [winner] = rivals.filter(({ socket }) => socket.connected);
    expect(await bob.ask('call_user', callTo(bob, { id: 'alice' }, { callId: `call-${round}` }))).toMatchObject({
      ok: true,
    });
    await winner?.next('incoming_call');
    await bob.ask('end_call', { callId: `call-${round}` });
    winner?.close();
    await expect
      .poll(async () => (await signaling.onlineUsers()).map(({ id }) => id), { timeout: 3_000 })
      .toEqual(['bob']);
  }
});

test('[JOIN-1] a join that a store fails can be tried again, and is whole then', async () => {
  let failures = 1;
  const failing = withCalls(createMemoryStores(), (calls) =>
    overriding(calls, {
      line(userId) {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('away')) : calls.line(userId);
      },
    }),
  );
  const { connect } = await serverWith(failing);
  const [alice, bob] = [await connect('alice'), await connect('bob')];
  const user = { id: 'alice', username: 'alice', deviceId: 'phone' };
  expect(await alice.refusal('join', user)).toBe('internal');
  expect(await alice.ask('join', user)).toMatchObject({ ok: true, onlineUsers: [{ id: 'alice' }] });
  await bob.join({ id: 'bob', username: 'bob' });
  bob.send('call_user', callTo(bob, { id: 'alice' }));
  await alice.next('incoming_call');
});
