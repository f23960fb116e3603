import assert from 'node:assert/strict';
import type { UserDirectory } from '../stores/user-directory.js';
import type { Contract } from './contract-case.js';
import { alice, bob } from './sample-calls.js';
import { scribble } from './scribble.js';

/**
 * All that a {@link UserDirectory} must do.
 *
 * @see SPEC.md, sections REST, JOIN and STORE
 */
export const userDirectoryContract: Contract<UserDirectory> = [
  {
    name: '[REST-5] every user that was ever seen is listed and found',
    async run(createStore) {
      const users = await createStore();
      assert.deepEqual(await users.list(), []);
      await users.remember(alice, 1_000);
      await users.remember(bob, 2_000);
      assert.deepEqual(
        (await users.list()).toSorted((a, b) => a.id.localeCompare(b.id)),
        [
          { ...alice, lastSeen: 1_000 },
          { ...bob, lastSeen: 2_000 },
        ],
      );
      assert.deepEqual(await users.get(bob.id), { ...bob, lastSeen: 2_000 });
      assert.equal(await users.get('nobody'), undefined);
    },
  },
  {
    name: '[REST-5] a user who is seen again is listed once, as last seen',
    async run(createStore) {
      const users = await createStore();
      await users.remember(alice, 1_000);
      await users.remember(alice, 5_000);
      assert.deepEqual(await users.list(), [{ ...alice, lastSeen: 5_000 }]);
    },
  },
  {
    name: '[JOIN-2] an id that is known under another name takes the new name',
    async run(createStore) {
      const users = await createStore();
      await users.remember(alice, 1_000);
      await users.remember({ id: alice.id, username: 'Alicia' }, 2_000);
      assert.deepEqual(await users.get(alice.id), { id: alice.id, username: 'Alicia', lastSeen: 2_000 });
      assert.equal((await users.list()).length, 1);
    },
  },
  {
    name: '[AUTH-14] a scope is kept until another one is said',
    async run(createStore) {
      const users = await createStore();
      await users.remember({ ...alice, scope: 'red' }, 1_000);
      await users.remember({ id: alice.id, username: 'Alicia' }, 2_000);
      assert.deepEqual(await users.get(alice.id), { id: alice.id, username: 'Alicia', lastSeen: 2_000, scope: 'red' });
      await users.remember({ ...alice, scope: '' }, 3_000);
      assert.deepEqual(await users.list(), [{ ...alice, lastSeen: 3_000, scope: '' }]);
    },
  },
  {
    name: '[STORE-6] changing the users that a directory hands out, or was given, changes nothing in it',
    async run(createStore) {
      const users = await createStore();
      const given = { ...alice };
      await users.remember(given, 1_000);
      scribble(given);
      scribble(await users.get(alice.id));
      scribble(await users.list());
      assert.deepEqual(await users.get(alice.id), { ...alice, lastSeen: 1_000 });
      assert.deepEqual(await users.list(), [{ ...alice, lastSeen: 1_000 }]);
    },
  },
];
