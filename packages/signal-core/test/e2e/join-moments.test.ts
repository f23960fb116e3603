import { createMemoryStores, type Stores } from 'signal-core';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { overriding, withCalls } from '../stores/overriding.ts';
import { callTo } from './call-steps.ts';

const alice = { id: 'alice', username: 'alice', deviceId: 'phone' };

async function serverWith(stores: Stores) {
  const { url, signaling, close } = await startTestServer({ stores, presenceGraceMs: 50, graceMs: 50 });
  onTestFinished(close);
  const connect = async (name: string) => {
    const client = await new ScriptedClient({ url, transport: 'websocket', name }).connect();
    onTestFinished(() => client.close());
    return client;
  };
  return { connect, signaling };
}

/** Stores of which that of calls does something else before it tells of Alice's. */
function askedForAlice(first: () => Promise<void>): Stores {
  return withCalls(createMemoryStores(), (calls) =>
    overriding(calls, {
      async line(userId) {
        if (userId === alice.id) await first();
        return calls.line(userId);
      },
    }),
  );
}

/** Something that can be waited for. */
function moment() {
  let come = () => {};
  const reached = new Promise<void>((resolve) => {
    come = resolve;
  });
  return { come, reached };
}

test('[JOIN-7] an older connection whose join took longer does not take the device back', async () => {
  const [asked, answered] = [moment(), moment()];
  const waits = [answered.reached];
  const { connect, signaling } = await serverWith(
    askedForAlice(async () => {
      asked.come();
      await waits.pop();
    }),
  );
  const [older, newer, bob] = [await connect('older'), await connect('newer'), await connect('bob')];
  await bob.join({ id: 'bob', username: 'bob' });
  older.send('join', alice);
  await asked.reached;
  await newer.join(alice);
  answered.come();
  await older.next('session_replaced');
  bob.send('call_user', callTo(bob, alice));
  await newer.next('incoming_call');
  await newer.quiet('session_replaced');
  newer.close();
  await expect.poll(async () => (await signaling.onlineUsers()).map(({ id }) => id)).toEqual(['bob']);
});

test('[JOIN-1] [PRES-4] whose join a store fails, and who does not try again, is not online for long', async () => {
  const { connect, signaling } = await serverWith(askedForAlice(() => Promise.reject(new Error('away'))));
  const client = await connect('alice');
  expect(await client.refusal('join', alice)).toBe('internal');
  await expect.poll(async () => (await signaling.onlineUsers()).length).toBe(0);
});

test('[LOSS-5] [JOIN-7] a device that comes back while it is being given up is reached all the same', async () => {
  const [removed, answered] = [moment(), moment()];
  const memory = createMemoryStores();
  const { presence } = memory;
  const stores: Stores = {
    ...memory,
    presence: {
      subscribe: (...listeners) => presence.subscribe(...listeners),
      sessionsOf: (userId) => presence.sessionsOf(userId),
      async swap(change, expected) {
        const isDone = await presence.swap(change, expected);
        if (change.session === undefined) {
          removed.come();
          await answered.reached;
        }
        return isDone;
      },
    },
  };
  const { connect } = await serverWith(stores);
  const [client, bob] = [await connect('alice'), await connect('bob')];
  await client.join(alice);
  await bob.join({ id: 'bob', username: 'bob' });
  await client.drop();
  await removed.reached;
  await client.comeBack();
  answered.come();
  bob.send('call_user', callTo(bob, alice));
  await client.next('incoming_call');
});
