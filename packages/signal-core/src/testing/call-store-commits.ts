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

const RACERS = 20;

/** Writing calls, alone and at once. */
export const commits: Contract<CallStore> = [
  {
    name: '[STORE-1] a new call is written, with the lines of both users',
    async run(createStore) {
      const call = sampleRinging('c1');
      const store = await ringingIn(createStore, call);
      assert.deepEqual(await store.get('c1'), call);
      assert.deepEqual((await store.line(alice.id)).calls, [call]);
      assert.deepEqual((await store.line(bob.id)).calls, [call]);
      assert.deepEqual(await store.live(), [call]);
      assert.equal(await store.countLive(), 1);
    },
  },
  {
    name: '[STORE-1] the next version of a call replaces it everywhere',
    async run(createStore) {
      const store = await ringingIn(createStore, sampleRinging('c1'));
      const active = sampleActive(sampleRinging('c1'));
      assert.equal(await store.commit(changing(active)), true);
      assert.deepEqual(await store.get('c1'), active);
      assert.deepEqual((await store.line(alice.id)).calls, [active]);
      assert.deepEqual((await store.line(bob.id)).calls, [active]);
      assert.equal(await store.countLive(), 1);
    },
  },
  {
    name: '[STORE-1] a call whose version has moved on is not written',
    async run(createStore) {
      const ringing = sampleRinging('c1');
      const store = await ringingIn(createStore, ringing);
      const active = sampleActive(ringing);
      await store.commit(changing(active));
      assert.equal(await store.commit(changing(sampleEnded(ringing))), false);
      assert.deepEqual(await store.get('c1'), active);
      assert.deepEqual((await store.line(bob.id)).calls, [active]);
    },
  },
  {
    name: '[STORE-1] a call that does not exist has no next version',
    async run(createStore) {
      const store = await createStore();
      assert.equal(await store.commit(changing(sampleActive(sampleRinging('c1')))), false);
      assert.equal(await store.get('c1'), undefined);
      assert.equal(await store.countLive(), 0);
    },
  },
  {
    name: '[STORE-1] a new call does not get an id that is taken',
    async run(createStore) {
      const call = sampleRinging('c1');
      const store = await ringingIn(createStore, call);
      const other = sampleRinging('c1', { from: carol, to: dave });
      assert.equal(await store.commit(await placing(store, other)), false);
      assert.deepEqual(await store.get('c1'), call);
      assert.deepEqual((await store.line(carol.id)).calls, []);
    },
  },
  {
    name: '[STORE-1] nothing is written when one of the lines has moved on',
    async run(createStore) {
      const store = await createStore();
      const late = await placing(store, sampleRinging('late', { from: carol, to: bob }));
      const first = sampleRinging('first');
      await store.commit(await placing(store, first));
      assert.equal(await store.commit(late), false);
      assert.equal(await store.get('late'), undefined);
      assert.deepEqual((await store.line(carol.id)).calls, []);
      assert.deepEqual((await store.line(bob.id)).calls, [first]);
    },
  },
  {
    name: '[STORE-1] several calls are written together: one ends, another rings',
    async run(createStore) {
      const old = sampleRinging('old');
      const store = await ringingIn(createStore, old);
      const ended = sampleEnded(old);
      const next = sampleRinging('next', { to: carol });
      const placed = await placing(store, next);
      assert.equal(await store.commit({ ...placed, calls: [...changing(ended).calls, ...placed.calls] }), true);
      assert.deepEqual(await store.get('old'), ended);
      assert.deepEqual((await store.line(alice.id)).calls, [next]);
      assert.deepEqual((await store.line(bob.id)).calls, []);
    },
  },
  {
    name: '[STORE-1] of several calls none is written when the last does not fit',
    async run(createStore) {
      const [old, taken] = [sampleRinging('old'), sampleRinging('taken', { from: carol, to: dave })];
      const store = await ringingIn(createStore, old, taken);
      const before = await Promise.all([alice, bob, carol, dave].map(({ id }) => store.line(id)));
      const placed = await placing(store, sampleRinging('taken', { to: carol }));
      const commit = { ...placed, calls: [...changing(sampleEnded(old)).calls, ...placed.calls] };
      assert.equal(await store.commit(commit), false);
      assert.deepEqual(await store.get('old'), old);
      assert.deepEqual(await store.get('taken'), taken);
      assert.deepEqual(await Promise.all([alice, bob, carol, dave].map(({ id }) => store.line(id))), before);
    },
  },
  {
    name: '[STORE-3] of concurrent commits on one version of a call exactly one succeeds',
    async run(createStore) {
      const ringing = sampleRinging('c1');
      const store = await ringingIn(createStore, ringing);
      const rivals = Array.from({ length: RACERS }, (_, index) => sampleActive(ringing, ringing.dueAt + index));
      const won = await Promise.all(rivals.map((rival) => store.commit(changing(rival))));
      assert.deepEqual(
        won.filter((isWinner) => isWinner),
        [true],
      );
      assert.deepEqual(await store.get('c1'), rivals[won.indexOf(true)]);
    },
  },
  {
    name: '[STORE-3] of concurrent calls to one user, decided on one version of the line, exactly one is placed',
    async run(createStore) {
      const store = await createStore();
      const callers = Array.from({ length: RACERS }, (_, index) => ({ id: `user-${index}`, username: 'User' }));
      const rivals = await Promise.all(
        callers.map((from) => placing(store, sampleRinging(`from-${from.id}`, { from, to: bob }))),
      );
      const won = await Promise.all(rivals.map((rival) => store.commit(rival)));
      assert.equal(won.filter((isWinner) => isWinner).length, 1);
      assert.deepEqual(
        (await store.line(bob.id)).calls.map((call) => call.id),
        [`from-user-${won.indexOf(true)}`],
      );
      assert.equal(await store.countLive(), 1);
    },
  },
  {
    name: '[STORE-3] of two users who call each other at once exactly one gets through',
    async run(createStore) {
      const store = await createStore();
      const crossing = await Promise.all([
        placing(store, sampleRinging('to-bob')),
        placing(store, sampleRinging('to-alice', { from: bob, to: alice })),
      ]);
      const won = await Promise.all(crossing.map((commit) => store.commit(commit)));
      assert.deepEqual(won.toSorted(), [false, true]);
      assert.equal(await store.countLive(), 1);
    },
  },
  {
    name: '[STORE-3] of concurrent calls under one id exactly one is placed',
    async run(createStore) {
      const store = await createStore();
      const rivals = await Promise.all([
        placing(store, sampleRinging('c1')),
        placing(store, sampleRinging('c1', { from: carol, to: dave })),
      ]);
      const won = await Promise.all(rivals.map((rival) => store.commit(rival)));
      assert.deepEqual(won.toSorted(), [false, true]);
    },
  },
];
