import assert from 'node:assert/strict';
import { type CallStore, ENDED_CALL_TTL_MS } from '../stores/call-store.js';
import type { Contract } from './contract-case.js';
import { alice, bob, changing, placing, ringingIn, SAMPLE_TIME, sampleEnded, sampleRinging } from './sample-calls.js';

const ENDED_AT = SAMPLE_TIME + 2_000;
const FORGOTTEN_AT = ENDED_AT + ENDED_CALL_TTL_MS;

/** What is left of calls that ended, and what readers may do to what they read. */
export const endings: Contract<CallStore> = [
  {
    name: '[STORE-5] an ended call is found, and belongs to no line',
    async run(createStore) {
      const { store, ended } = await storeWithEnded(createStore);
      assert.deepEqual(await store.get('c1'), ended);
      assert.deepEqual((await store.line(alice.id)).calls, []);
      assert.deepEqual((await store.line(bob.id)).calls, []);
      assert.deepEqual(await store.live(), []);
      assert.equal(await store.countLive(), 0);
    },
  },
  {
    name: '[STORE-5] an ended call is found for 120 s, then forgotten',
    async run(createStore) {
      const { store, ended } = await storeWithEnded(createStore);
      await store.claimDue(FORGOTTEN_AT - 1, 1);
      assert.deepEqual(await store.get('c1'), ended);
      await store.claimDue(FORGOTTEN_AT + 1, 1);
      assert.equal(await store.get('c1'), undefined);
    },
  },
  {
    name: '[STORE-5] the id of an ended call is taken until that call is forgotten',
    async run(createStore) {
      const { store } = await storeWithEnded(createStore);
      const again = sampleRinging('c1');
      assert.equal(await store.commit(await placing(store, again)), false);
      await store.claimDue(FORGOTTEN_AT + 1, 1);
      assert.equal(await store.commit(await placing(store, again)), true);
      assert.deepEqual(await store.get('c1'), again);
    },
  },
  {
    name: '[STORE-5] calls that end later are forgotten later',
    async run(createStore) {
      const { store } = await storeWithEnded(createStore);
      const late = sampleRinging('late');
      await store.commit(await placing(store, late));
      const ended = sampleEnded(late, ENDED_AT + 10_000);
      await store.commit(changing(ended));
      await store.claimDue(FORGOTTEN_AT + 1, 1);
      assert.equal(await store.get('c1'), undefined);
      assert.deepEqual(await store.get('late'), ended);
    },
  },
  {
    name: '[STORE-6] what was handed out stays as it was, whatever is written later',
    async run(createStore) {
      const call = sampleRinging('c1');
      const store = await ringingIn(createStore, call);
      const handedOut = [await store.get('c1'), await store.line(alice.id), await store.live()];
      const asItWas = structuredClone(handedOut);
      assert.equal(await store.commit(changing(sampleEnded(call, ENDED_AT))), true);
      await store.commit(await placing(store, sampleRinging('c2')));
      for (const read of [store.get('c1'), store.line(alice.id), store.live()]) await read;
      assert.deepEqual(handedOut, asItWas);
    },
  },
];

async function storeWithEnded(createStore: () => CallStore | Promise<CallStore>) {
  const call = sampleRinging('c1');
  const store = await ringingIn(createStore, call);
  const ended = sampleEnded(call, ENDED_AT);
  assert.equal(await store.commit(changing(ended)), true);
  return { store, ended };
}
