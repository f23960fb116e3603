import { createMemoryStores, type Stores } from 'signal-core';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { overriding } from '../stores/overriding.ts';
import { callTo } from './call-steps.ts';

const alice = { id: 'alice', username: 'alice', deviceId: 'phone' };

/** A server whose store of calls does something else before it tells of Alice's. */
async function serverWith(onLine: () => Promise<void>) {
  const memory = createMemoryStores();
  const { calls } = memory;
  const line: Stores['calls']['line'] = async (userId) => {
    if (userId === alice.id) await onLine();
    return calls.line(userId);
  };
  const stores = { ...memory, calls: overriding(calls, { line }) };
  const { url, signaling, close } = await startTestServer({ stores, presenceGraceMs: 50, graceMs: 50 });
  onTestFinished(close);
  const connect = async (name: string) => {
    const client = await new ScriptedClient({ url, transport: 'websocket', name }).connect();
    onTestFinished(() => client.close());
    return client;
  };
  return { connect, signaling };
}

test('[JOIN-7] an older connection whose join took longer does not take the device back', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let isAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const waits = [answered];
  const { connect, signaling } = await serverWith(async () => {
    isAsked();
    await waits.pop();
  });
  const [older, newer, bob] = [await connect('older'), await connect('newer'), await connect('bob')];
  await bob.join({ id: 'bob', username: 'bob' });
  older.send('join', alice);
  await asked;
  await newer.join(alice);
  answer();
  await older.next('session_replaced');
  bob.send('call_user', callTo(bob, alice));
  await newer.next('incoming_call');
  await newer.quiet('session_replaced');
  newer.close();
  await expect.poll(async () => (await signaling.onlineUsers()).map(({ id }) => id)).toEqual(['bob']);
});

test('[JOIN-1] [PRES-4] whose join a store fails, and who does not try again, is not online for long', async () => {
  const { connect, signaling } = await serverWith(() => Promise.reject(new Error('away')));
  const client = await connect('alice');
  expect(await client.refusal('join', alice)).toBe('internal');
  await expect.poll(async () => (await signaling.onlineUsers()).length).toBe(0);
});
