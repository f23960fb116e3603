import assert from 'node:assert/strict';
import type { RestoreClaim } from '../domain/restore-call.js';
import type { Stores } from '../stores/stores.js';
import type { Contract } from './contract-case.js';
import { alice, bob, changing, placing, SAMPLE_TIME, sampleEnded, sampleRinging } from './sample-calls.js';

/** Scopes that a name in a key, or in a text, may take for one another. */
const SCOPES = [
  '',
  ':',
  '}',
  '{a}',
  'a',
  'A',
  'a:b',
  '%61',
  'é',
  'e\u0301',
  '😀',
  '\ud800',
  '\udc00',
  '"',
  '\\',
  '*',
  ' ',
];

const ofAlice: RestoreClaim = {
  callId: 'c1',
  device: 'alice/laptop',
  user: alice,
  peer: bob.id,
  role: 'caller',
  callType: 'video',
  scope: '',
};
const ofBob: RestoreClaim = { ...ofAlice, device: 'bob/phone', user: bob, peer: alice.id, role: 'callee' };

/**
 * All that the scopes of {@link Stores} must do. The stores of one scope have contracts of their own.
 *
 * @see SPEC.md, rule STORE-10
 */
export const scopesContract: Contract<Pick<Stores, 'in' | 'scopes'>> = [
  {
    name: '[STORE-10] a call is in the scope that it was placed in, and in no other, whatever the scopes are called',
    async run(createStores) {
      const stores = await createStores();
      for (const [n, scope] of SCOPES.entries()) {
        const { calls } = stores.in(scope);
        assert.equal(await calls.commit(await placing(calls, sampleRinging(`c${n}`))), true);
      }
      for (const [n, scope] of SCOPES.entries()) {
        const { calls } = stores.in(scope);
        const ids = (await calls.line(alice.id)).calls.map(({ id }) => id);
        assert.deepEqual([scope, ids], [scope, [`c${n}`]]);
        assert.deepEqual(await calls.liveOf([alice.id, bob.id]), [{ id: `c${n}`, version: 1 }]);
        assert.deepEqual(await calls.claimDue(SAMPLE_TIME + 60_000, 10), [`c${n}`]);
        assert.equal(await calls.countLive(), 1);
        assert.equal((await calls.live()).length, 1);
        assert.equal(await calls.get(`c${n + 1}`), undefined);
      }
    },
  },
  {
    name: '[STORE-10] calls of one id in two scopes are two calls, and so are their ends',
    async run(createStores) {
      const stores = await createStores();
      const [red, blue] = [stores.in('red').calls, stores.in('blue').calls];
      const call = sampleRinging('c1');
      for (const calls of [red, blue]) assert.equal(await calls.commit(await placing(calls, call)), true);
      assert.equal(await red.commit(changing(sampleEnded(call))), true);
      assert.equal((await red.get('c1'))?.status, 'ended');
      assert.deepEqual(await blue.get('c1'), call);
      assert.deepEqual((await blue.line(alice.id)).calls, [call]);
    },
  },
  {
    name: '[STORE-10] a claim finds none of another scope',
    async run(createStores) {
      const stores = await createStores();
      await stores.in('red').restores.file(ofAlice, 0, 1_000);
      assert.equal(await stores.in('blue').restores.file(ofBob, 0, 1_000), undefined);
      assert.equal(await stores.in('blue').restores.withdraw('c1', alice), false);
      assert.deepEqual(await stores.in('red').restores.file(ofBob, 0, 1_000), ofAlice);
    },
  },
  {
    name: '[STORE-10] a scope with a live call is listed, once, for as long as the call lives',
    async run(createStores) {
      const stores = await createStores();
      const listed = async () => (await stores.scopes()).toSorted();
      assert.deepEqual(await listed(), []);
      for (const scope of SCOPES) {
        const { calls } = stores.in(scope);
        await calls.commit(await placing(calls, sampleRinging('c1')));
        await calls.commit(await placing(calls, sampleRinging('c2')));
        await calls.commit(changing(sampleEnded(sampleRinging('c1'))));
      }
      assert.deepEqual(await listed(), SCOPES.toSorted());
      for (const scope of SCOPES) await stores.in(scope).calls.claimDue(SAMPLE_TIME + 3_600_000, 10);
      assert.deepEqual(await listed(), SCOPES.toSorted());
    },
  },
  {
    name: '[STORE-10] what somebody holds on to goes on, also when nothing was in the scope for long',
    async run(createStores) {
      const stores = await createStores();
      const [early, again] = [stores.in('red'), stores.in('red')];
      const call = sampleRinging('c1');
      await early.calls.commit(await placing(early.calls, call));
      await early.calls.commit(changing(sampleEnded(call)));
      await early.calls.claimDue(SAMPLE_TIME + 3_600_000, 10);
      const next = sampleRinging('c2');
      assert.equal(await early.calls.commit(await placing(early.calls, next)), true);
      assert.deepEqual(await again.calls.get('c2'), next);
      assert.deepEqual(await stores.in('red').calls.live(), [next]);
      assert.deepEqual(await stores.scopes(), ['red']);
    },
  },
];
