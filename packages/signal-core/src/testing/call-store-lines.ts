import assert from 'node:assert/strict';
import type { CallStore } from '../stores/call-store.js';
import type { Contract } from './contract-case.js';
import {
  alice,
  bob,
  carol,
  changing,
  dave,
  placing,
  ringingIn,
  sampleActive,
  sampleEnded,
  sampleRinging,
} from './sample-calls.js';

/** The live calls of a user, and the version that they have together. */
export const lines: Contract<CallStore> = [
  {
    name: '[STORE-2] a user without calls has an empty line',
    async run(createStore) {
      const store = await createStore();
      const { userId, calls } = await store.line('nobody');
      assert.deepEqual({ userId, calls }, { userId: 'nobody', calls: [] });
    },
  },
  {
    name: '[STORE-2] a call that enters changes the versions of its two lines, and of no other',
    async run(createStore) {
      const store = await ringingIn(createStore, sampleRinging('other', { from: carol, to: dave }));
      const before = await versions(store);
      await store.commit(await placing(store, sampleRinging('c1')));
      assert.deepEqual(changed(before, await versions(store)), [alice.id, bob.id]);
    },
  },
  {
    name: '[STORE-2] a call that is answered changes the versions of its two lines, and of no other',
    async run(createStore) {
      const call = sampleRinging('c1');
      const store = await ringingIn(createStore, call, sampleRinging('other', { from: carol, to: dave }));
      const before = await versions(store);
      await store.commit(changing(sampleActive(call)));
      assert.deepEqual(changed(before, await versions(store)), [alice.id, bob.id]);
    },
  },
  {
    name: '[STORE-2] what was decided on a line is refused when one of its calls was answered meanwhile',
    async run(createStore) {
      const call = sampleRinging('c1');
      const store = await ringingIn(createStore, call);
      const decided = await placing(store, sampleRinging('late', { from: carol, to: bob }));
      await store.commit(changing(sampleActive(call)));
      assert.equal(await store.commit(decided), false);
      assert.equal(await store.get('late'), undefined);
    },
  },
  {
    name: '[STORE-2] a call that ends changes the versions of its two lines, and of no other',
    async run(createStore) {
      const store = await ringingIn(
        createStore,
        sampleRinging('c1'),
        sampleRinging('second', { from: carol, to: bob }),
        sampleRinging('third', { from: alice, to: dave }),
      );
      const before = await versions(store);
      await store.commit(changing(sampleEnded(sampleRinging('c1'))));
      assert.deepEqual(changed(before, await versions(store)), [alice.id, bob.id]);
    },
  },
  {
    name: '[STORE-2] a line keeps every call of its user until that call ends',
    async run(createStore) {
      const [first, second] = [sampleRinging('first'), sampleRinging('second', { from: carol, to: bob })];
      const store = await ringingIn(createStore, first, second);
      assert.deepEqual(new Set((await store.line(bob.id)).calls), new Set([first, second]));
      await store.commit(changing(sampleEnded(first)));
      assert.deepEqual((await store.line(bob.id)).calls, [second]);
      assert.deepEqual((await store.line(alice.id)).calls, []);
    },
  },
  {
    name: '[STORE-2] a line never has the same version with other calls, also after it was empty',
    async run(createStore) {
      const store = await createStore();
      const seen = new Map<number, string>();
      for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) {
        const call = sampleRinging(id);
        await store.commit(await placing(store, call));
        const { version } = await store.line(bob.id);
        assert.equal(seen.get(version), undefined, `version ${version} has stood for another call already`);
        seen.set(version, id);
        await store.commit(changing(sampleEnded(call)));
        const empty = await store.line(bob.id);
        assert.equal(seen.get(empty.version), undefined, `version ${empty.version} of the empty line stood for a call`);
      }
    },
  },
  {
    name: '[STORE-2] what was decided on a line is refused when that line was emptied and filled again',
    async run(createStore) {
      const first = sampleRinging('first');
      const store = await ringingIn(createStore, first);
      const decided = await placing(store, sampleRinging('late', { from: carol, to: bob }));
      await store.commit(changing(sampleEnded(first)));
      await store.commit(await placing(store, sampleRinging('second')));
      assert.equal(await store.commit(decided), false);
      assert.equal(await store.get('late'), undefined);
    },
  },
  {
    name: "[STORE-2] the live calls of several users are told in their versions, each once, and nobody else's",
    async run(createStore) {
      const [first, second] = [sampleRinging('first'), sampleRinging('second', { from: carol, to: bob })];
      const over = sampleRinging('over');
      const store = await ringingIn(
        createStore,
        first,
        second,
        over,
        sampleRinging('other', { from: carol, to: dave }),
      );
      await store.commit(changing(sampleActive(first)));
      await store.commit(changing(sampleEnded(over)));
      const found = await store.liveOf([alice.id, 'nobody', bob.id]);
      assert.deepEqual(
        found.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        [
          { id: 'first', version: 2 },
          { id: 'second', version: 1 },
        ],
      );
      assert.deepEqual(await store.liveOf([]), []);
    },
  },
  {
    name: '[STORE-2] a call may change without the versions of lines being named',
    async run(createStore) {
      const store = await ringingIn(createStore, sampleRinging('c1'));
      assert.equal(await store.commit(changing(sampleActive(sampleRinging('c1')))), true);
    },
  },
];

const USERS = [alice, bob, carol, dave];

function versions(store: CallStore): Promise<number[]> {
  return Promise.all(USERS.map(async ({ id }) => (await store.line(id)).version));
}

function changed(before: number[], after: number[]): string[] {
  return USERS.filter((_, index) => before[index] !== after[index]).map((user) => user.id);
}
