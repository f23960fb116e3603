import assert from 'node:assert/strict';
import { type CallStore, DUE_CLAIM_MS } from '../stores/call-store.js';
import type { Contract } from './contract-case.js';
import { changing, ringingIn, SAMPLE_TIME, sampleActive, sampleEnded, sampleRinging } from './sample-calls.js';

const DUE = SAMPLE_TIME + 60_000;
const MANY = 100;

/** Deadlines, which are written with their calls and claimed by whoever carries them out. */
export const deadlines: Contract<CallStore> = [
  {
    name: '[STORE-4] a call is due at its deadline, and not a millisecond before',
    async run(createStore) {
      const store = await ringingIn(createStore, sampleRinging('c1', { dueAt: DUE }));
      assert.deepEqual(await store.claimDue(DUE - 1, MANY), []);
      assert.deepEqual(await store.claimDue(DUE, MANY), ['c1']);
    },
  },
  {
    name: '[STORE-4] what is due is claimed by one claimer at a time',
    async run(createStore) {
      const ids = Array.from({ length: 10 }, (_, index) => `c${index}`);
      const store = await ringingIn(createStore, ...ids.map((id) => sampleRinging(id, { dueAt: DUE })));
      const claims = await Promise.all([1, 2, 3, 4].map(() => store.claimDue(DUE, 5)));
      assert.deepEqual(claims.flat().toSorted(), ids);
      assert.deepEqual(await store.claimDue(DUE, MANY), []);
    },
  },
  {
    name: '[STORE-4] what was claimed comes back after 5 s when no commit followed, again and again',
    async run(createStore) {
      const store = await ringingIn(createStore, sampleRinging('c1', { dueAt: DUE }));
      for (const at of [DUE, DUE + DUE_CLAIM_MS, DUE + 2 * DUE_CLAIM_MS]) {
        assert.deepEqual(await store.claimDue(at, MANY), ['c1']);
        assert.deepEqual(await store.claimDue(at + DUE_CLAIM_MS - 1, MANY), []);
      }
    },
  },
  {
    name: '[STORE-4] a commit after the claim sets its own deadline',
    async run(createStore) {
      const ringing = sampleRinging('c1', { dueAt: DUE });
      const store = await ringingIn(createStore, ringing);
      await store.claimDue(DUE, MANY);
      await store.commit(changing(sampleActive(ringing, DUE + 1_000)));
      assert.deepEqual(await store.claimDue(DUE + 999, MANY), []);
      assert.deepEqual(await store.claimDue(DUE + 1_000, MANY), ['c1']);
    },
  },
  {
    name: '[STORE-4] a commit moves the deadline: the old one means nothing',
    async run(createStore) {
      const ringing = sampleRinging('c1', { dueAt: DUE });
      const store = await ringingIn(createStore, ringing);
      await store.commit(changing(sampleActive(ringing, DUE + 9_000)));
      assert.deepEqual(await store.claimDue(DUE + 8_999, MANY), []);
      assert.deepEqual(await store.claimDue(DUE + 9_000, MANY), ['c1']);
    },
  },
  {
    name: '[STORE-4] a commit that is refused leaves the deadline as it was',
    async run(createStore) {
      const ringing = sampleRinging('c1', { dueAt: DUE });
      const store = await ringingIn(createStore, ringing);
      const tooNew = { ...sampleActive(ringing, DUE - 9_000), version: 7 };
      assert.equal(await store.commit(changing(tooNew)), false);
      assert.deepEqual(await store.claimDue(DUE - 1, MANY), []);
      assert.deepEqual(await store.claimDue(DUE, MANY), ['c1']);
    },
  },
  {
    name: '[STORE-4] the earliest are claimed first, up to the limit',
    async run(createStore) {
      const store = await ringingIn(
        createStore,
        sampleRinging('third', { dueAt: DUE + 3 }),
        sampleRinging('first', { dueAt: DUE + 1 }),
        sampleRinging('second', { dueAt: DUE + 2 }),
      );
      assert.deepEqual(await store.claimDue(DUE + 10, 2), ['first', 'second']);
      assert.deepEqual(await store.claimDue(DUE + 10, 2), ['third']);
    },
  },
  {
    name: '[STORE-4] a call that has ended is never due',
    async run(createStore) {
      const ringing = sampleRinging('c1', { dueAt: DUE });
      const store = await ringingIn(createStore, ringing);
      await store.claimDue(DUE, MANY);
      await store.commit(changing(sampleEnded(ringing, DUE)));
      assert.deepEqual(await store.claimDue(DUE + DUE_CLAIM_MS, MANY), []);
    },
  },
];
