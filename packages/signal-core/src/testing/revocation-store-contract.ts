import assert from 'node:assert/strict';
import type { Revocation } from '../domain/revocation.js';
import type { RevocationStore } from '../stores/revocation-store.js';
import type { Contract } from './contract-case.js';

/** Everything that was added after a moment, and where to go on. */
async function allSince(store: RevocationStore, cursor: number): Promise<{ all: Revocation[]; cursor: number }> {
  const all: Revocation[] = [];
  for (let at = cursor; ; ) {
    const news = await store.since(at);
    if (news.revocations.length === 0) return { all, cursor: news.cursor };
    all.push(...news.revocations);
    at = news.cursor;
  }
}

/**
 * All that a {@link RevocationStore} must do.
 *
 * @see SPEC.md, rule STORE-13
 */
export const revocationStoreContract: Contract<RevocationStore> = [
  {
    name: '[STORE-13] what was taken back is found, by its user or by its name, and nothing else is',
    async run(createStore) {
      const store = await createStore();
      assert.deepEqual(await store.of('ann', 'one'), []);
      await store.add([{ userId: 'ann', issuedBefore: 1_000.5 }, { jti: 'one' }]);
      assert.deepEqual(await store.of('ann'), [{ userId: 'ann', issuedBefore: 1_000.5 }]);
      assert.deepEqual(await store.of('ann', 'two'), [{ userId: 'ann', issuedBefore: 1_000.5 }]);
      assert.deepEqual(await store.of('bob', 'one'), [{ jti: 'one' }]);
      assert.deepEqual(await store.of('one', 'ann'), []);
      assert.deepEqual(await store.of('bob'), []);
    },
  },
  {
    name: '[STORE-13] of a user the latest time counts, whatever came last, also of several at once',
    async run(createStore) {
      const store = await createStore();
      const until = (issuedBefore: number): Revocation => ({ userId: 'ann', issuedBefore });
      await store.add([until(2_000)]);
      await store.add([until(1_000)]);
      assert.deepEqual(await store.of('ann'), [until(2_000)]);
      await Promise.all([4_000, 10_000, 3_000].map((time) => store.add([until(time)])));
      await store.add([until(9_000), until(11_000), until(10_500)]);
      assert.deepEqual(await store.of('ann'), [until(11_000)]);
    },
  },
  {
    name: '[STORE-13] whatever users and names are called, each is its own',
    async run(createStore) {
      const store = await createStore();
      const names = ['ann', 'Ann', '', ' ', 'user ann', 'jti ann', 'ключ', '__proto__', '{a}:b'];
      await store.add(names.map((jti) => ({ jti })));
      for (const jti of names) assert.deepEqual(await store.of('nobody', jti), [{ jti }], jti);
      for (const name of [...names, 'ANN']) assert.deepEqual(await store.of(name), [], name);
    },
  },
  {
    name: '[STORE-13] what was added since is told in order, each once; what is known already is no news',
    async run(createStore) {
      const store = await createStore();
      const many: Revocation[] = Array.from({ length: 2_100 }, (_, n) => ({ jti: `j${n}` }));
      const first = await allSince(store, 0);
      assert.deepEqual(first.all, []);
      await store.add(many);
      const second = await allSince(store, first.cursor);
      assert.deepEqual(second.all, many);
      await store.add([{ jti: 'j0' }, { userId: 'ann', issuedBefore: 1 }]);
      await store.add([{ userId: 'ann', issuedBefore: 2 }]);
      await store.add([{ userId: 'ann', issuedBefore: 1 }, { jti: 'j1' }]);
      const third = await allSince(store, second.cursor);
      assert.deepEqual(third.all, [{ userId: 'ann', issuedBefore: 2 }]);
      assert.deepEqual((await allSince(store, third.cursor)).all, []);
      assert.equal((await allSince(store, 0)).all.length, 2_101);
    },
  },
  {
    name: '[STORE-13] changing what was given, or handed out, changes nothing',
    async run(createStore) {
      const store = await createStore();
      const given = { userId: 'ann', issuedBefore: 2_000 };
      await store.add([given]);
      given.issuedBefore = 0;
      for (const found of [await store.of('ann'), (await store.since(0)).revocations]) {
        Object.assign(found[0] ?? {}, { issuedBefore: 0 });
      }
      assert.deepEqual(await store.of('ann'), [{ userId: 'ann', issuedBefore: 2_000 }]);
    },
  },
];
