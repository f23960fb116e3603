import assert from 'node:assert/strict';
import type { RestoreClaim } from '../domain/restore-call.js';
import type { RestoreStore } from '../stores/restore-store.js';
import type { Contract } from './contract-case.js';
import { alice, bob } from './sample-calls.js';
import { scribble } from './scribble.js';

const ofAlice: RestoreClaim = {
  callId: 'call',
  device: `${alice.id}/phone`,
  user: alice,
  peer: bob.id,
  role: 'caller',
  callType: 'video',
  scope: '',
};
const ofBob: RestoreClaim = { ...ofAlice, device: `${bob.id}/tab`, user: bob, peer: alice.id, role: 'callee' };

/**
 * All that a {@link RestoreStore} must do.
 *
 * @see SPEC.md, rules RESUME-7 and RESUME-8
 */
export const restoreStoreContract: Contract<RestoreStore> = [
  {
    name: '[RESUME-7] the second party to claim a call finds the first, and so does the first when it claims again',
    async run(createStore) {
      const restores = await createStore();
      assert.equal(await restores.file(ofAlice, 0, 100), undefined);
      assert.deepEqual(await restores.file(ofBob, 99, 199), ofAlice);
      assert.deepEqual(await restores.file(ofAlice, 100, 200), ofBob);
    },
  },
  {
    name: '[RESUME-7] of two parties that claim at once one finds the other',
    async run(createStore) {
      const restores = await createStore();
      const found = await Promise.all([restores.file(ofAlice, 0, 100), restores.file(ofBob, 0, 100)]);
      assert.notDeepEqual(found, [undefined, undefined]);
    },
  },
  {
    name: '[RESUME-8] a claim is found until it lapses, and a later one of the same user takes its place',
    async run(createStore) {
      const restores = await createStore();
      const again = { ...ofAlice, device: `${alice.id}/tablet` } as const;
      await restores.file(ofAlice, 0, 100);
      await restores.file(again, 50, 150);
      assert.deepEqual(await restores.file(ofBob, 149, 249), again);
      assert.deepEqual(await restores.file(ofBob, 150, 250), undefined);
    },
  },
  {
    name: '[RESUME-8] a claim that was taken back is not found, and is there to be taken back once',
    async run(createStore) {
      const restores = await createStore();
      await restores.file(ofAlice, 0, 100);
      assert.equal(await restores.withdraw('another', alice), false);
      assert.equal(await restores.withdraw(ofAlice.callId, bob), false);
      assert.equal(await restores.withdraw(ofAlice.callId, alice), true);
      assert.equal(await restores.withdraw(ofAlice.callId, alice), false);
      assert.equal(await restores.file(ofBob, 0, 100), undefined);
    },
  },
  {
    name: '[RESUME-8] a user has 32 claims at most; the oldest goes',
    async run(createStore) {
      const restores = await createStore();
      for (let n = 0; n < 33; n += 1) await restores.file({ ...ofAlice, callId: `call ${n}` }, 0, 100);
      assert.equal(await restores.file({ ...ofBob, callId: 'call 0' }, 0, 100), undefined);
      assert.notEqual(await restores.file({ ...ofBob, callId: 'call 1' }, 0, 100), undefined);
    },
  },
  {
    name: '[STORE-6] changing a claim that was given or handed out changes nothing in the store',
    async run(createStore) {
      const restores = await createStore();
      const given = structuredClone(ofAlice);
      await restores.file(given, 0, 100);
      scribble(given);
      scribble(await restores.file(ofBob, 0, 100));
      assert.deepEqual(await restores.file(ofBob, 0, 100), ofAlice);
    },
  },
  {
    name: '[RESUME-8] claims of other users, to other calls, and of users that nobody names are not found',
    async run(createStore) {
      const restores = await createStore();
      await restores.file({ ...ofAlice, callId: 'another' }, 0, 100);
      await restores.file({ ...ofAlice, user: { id: 'carol', username: 'Carol' }, device: 'carol/phone' }, 0, 100);
      assert.equal(await restores.file(ofBob, 0, 100), undefined);
    },
  },
];
