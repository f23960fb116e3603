import { createMemoryStores, type Stores } from 'signal-core';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { ring } from '../e2e/call-steps.ts';
import { candidate } from '../e2e/session-descriptions.ts';
import { MODERN, trickled } from '../e2e/talk-steps.ts';
import { overriding, withCalls } from '../stores/overriding.ts';

/** Stores that answer nobody who looks at Bob's line any more, until told to, once he has been looked up so often. */
function slowForBob() {
  let looks = Number.POSITIVE_INFINITY;
  let open = () => {};
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  const stores: Stores = withCalls(createMemoryStores(), (calls) =>
    overriding(calls, {
      line: async (user) => {
        if (user === 'bob') looks -= 1;
        if (user === 'bob' && looks < 0) await isOpen;
        return calls.line(user);
      },
    }),
  );
  const shutAfter = (count: number) => {
    looks = count;
  };
  return { stores, shutAfter, open };
}

const RESUMING = { ...MODERN, features: [...MODERN.features, 'resume'] };

/** Alice rings Bob, on whose device another page takes over, and is not rung yet when this returns. */
async function takenOver(features: object) {
  const { stores, shutAfter, open } = slowForBob();
  const { url, close } = await startTestServer({ stores });
  onTestFinished(close);
  const join = async (id: string, name: string) => {
    const client = new ScriptedClient({ url, transport: 'websocket', name });
    onTestFinished(() => client.close());
    await client.connect();
    await client.join({ id, username: id, ...features, deviceId: 'phone' });
    return client;
  };
  const [alice, bob] = [await join('alice', 'alice'), await join('bob', 'bob')];
  const callId = await ring(alice, bob);
  // to see his calls; he is given back his place in them, and rung anew, only later
  shutAfter(1);
  return { alice, again: await join('bob', 'bob again'), callId, open };
}

test.each([
  ['resumes', RESUMING],
  ['does not', MODERN],
])(
  '[ICE-10] [LOSS-8] a page that takes over, and %s, gets no candidate before the ring, and each once',
  async (_, features) => {
    const { alice, again, callId, open } = await takenOver(features);
    await alice.ask('ice_candidate', { to: 'bob', callId, candidate: candidate(1) });
    open();
    await again.next('incoming_call');
    expect(await trickled(again)).toEqual([candidate(1)]);
    expect(again.order('incoming_call', 'ice_candidate', 'ice_candidates')[0]).toBe('incoming_call');
  },
);
