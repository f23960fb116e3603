import assert from 'node:assert/strict';
import { type DeviceKey, deviceKey, userOf } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { PresenceStore, SessionChange } from '../stores/presence-store.js';
import type { Contract } from './contract-case.js';
import { scribble } from './scribble.js';

/**
 * All that a {@link PresenceStore} must do.
 *
 * @see SPEC.md, section STORE
 */
export const presenceStoreContract: Contract<PresenceStore> = [
  {
    name: '[STORE-1] a session is written, replaced and removed',
    async run(createStore) {
      const store = await createStore();
      const first = session(laptop, 's1');
      assert.deepEqual(await store.sessionsOf('alice'), []);
      assert.equal(await store.swap(written(first), undefined), true);
      assert.deepEqual(await store.sessionsOf('alice'), [first]);
      const second = session(laptop, 's2');
      assert.equal(await store.swap(written(second), 's1'), true);
      assert.deepEqual(await store.sessionsOf('alice'), [second]);
      assert.equal(await store.swap(removed(laptop), 's2'), true);
      assert.deepEqual(await store.sessionsOf('alice'), []);
    },
  },
  {
    name: '[STORE-1] the sessions of devices and users are apart',
    async run(createStore) {
      const [first, second, other] = [session(laptop, 's1'), session(phone, 's2'), session(bobsPhone, 's3')];
      const store = await holding(createStore, first, second, other);
      assert.deepEqual(byDevice(await store.sessionsOf('alice')), [first, second]);
      assert.deepEqual(await store.sessionsOf('bob'), [other]);
      assert.equal(await store.swap(removed(laptop), 's1'), true);
      assert.deepEqual(await store.sessionsOf('alice'), [second]);
      assert.deepEqual(await store.sessionsOf('bob'), [other]);
    },
  },
  {
    name: '[STORE-1] a user id may hold the separator of device keys',
    async run(createStore) {
      const odd = session(deviceKey('urn/a', 'phone'), 's1');
      const store = await holding(createStore, odd);
      assert.deepEqual(await store.sessionsOf('urn/a'), [odd]);
      assert.deepEqual(await store.sessionsOf('urn'), []);
    },
  },
  {
    name: '[LOSS-2] a lost session is kept, with when it was lost',
    async run(createStore) {
      const store = await holding(createStore, session(laptop, 's1'));
      const lost: Session = { ...session(laptop, 's1'), lostAt: 1_234 };
      assert.equal(await store.swap(written(lost), 's1'), true);
      assert.deepEqual(await store.sessionsOf('alice'), [lost]);
    },
  },
  ...[
    { title: 'a session is not written over one that was not expected', expected: undefined, change: 'write' },
    { title: 'a session is not written over that of another connection', expected: 's0', change: 'write' },
    { title: 'a session is not removed for another connection', expected: 's0', change: 'remove' },
    { title: 'a session is not removed by who expects none', expected: undefined, change: 'remove' },
  ].map(({ title, expected, change }) => ({
    name: `[STORE-1] ${title}, and nobody is told`,
    async run(createStore: () => PresenceStore | Promise<PresenceStore>) {
      const stored = session(laptop, 's1');
      const store = await holding(createStore, stored);
      const heard = await listenTo(store);
      const refused = change === 'write' ? written(session(laptop, 's2')) : removed(laptop);
      assert.equal(await store.swap(refused, expected), false);
      assert.deepEqual(await store.sessionsOf('alice'), [stored]);
      await store.swap(written(session(phone, 's3')), undefined);
      assert.deepEqual(await heard(1), [written(session(phone, 's3'))]);
    },
  })),
  {
    name: '[STORE-1] a session that is gone is not replaced',
    async run(createStore) {
      const store = await createStore();
      assert.equal(await store.swap(written(session(laptop, 's2')), 's1'), false);
      assert.deepEqual(await store.sessionsOf('alice'), []);
    },
  },
  {
    name: '[STORE-3] of concurrent swaps on one connection exactly one succeeds',
    async run(createStore) {
      const store = await holding(createStore, session(laptop, 's1'));
      const rivals = Array.from({ length: 20 }, (_, index) => session(laptop, `rival-${index}`));
      const won = await Promise.all(rivals.map((rival) => store.swap(written(rival), 's1')));
      assert.equal(won.filter((isWinner) => isWinner).length, 1);
      assert.deepEqual(await store.sessionsOf('alice'), [rivals[won.indexOf(true)]]);
    },
  },
  {
    name: '[JOIN-2] the sessions of a user are in the order of joining: a takeover comes last, a loss keeps its place',
    async run(createStore) {
      const [first, second, third] = [session(laptop, 's1'), session(phone, 's2'), session(laptop, 's3')];
      const store = await holding(createStore, first, second);
      const lost: Session = { ...first, lostAt: 1_234 };
      assert.equal(await store.swap(written(lost), 's1'), true);
      assert.deepEqual(await store.sessionsOf('alice'), [lost, second]);
      assert.equal(await store.swap(written(third), 's1'), true);
      assert.deepEqual(await store.sessionsOf('alice'), [second, third]);
    },
  },
  {
    name: '[PRES-1] every change is told, in order, to who listens',
    async run(createStore) {
      const store = await createStore();
      const heard = await listenTo(store);
      const [first, second] = [session(laptop, 's1'), session(laptop, 's2')];
      await store.swap(written(first), undefined);
      await store.swap(written(second), 's1');
      await store.swap(removed(laptop), 's2');
      assert.deepEqual(await heard(3), [written(first), written(second), removed(laptop)]);
    },
  },
  {
    name: '[NODE-14] who begins to listen is told all sessions first, and then every change',
    async run(createStore) {
      const [first, second, other] = [session(laptop, 's1'), session(phone, 's2'), session(bobsPhone, 's3')];
      const store = await holding(createStore, first, second);
      const told: Session[][] = [];
      const heard = await listenTo(store, (sessions) => told.push(sessions));
      await store.swap(written(other), undefined);
      await store.swap(removed(laptop), 's1');
      assert.deepEqual(await heard(2), [written(other), removed(laptop)]);
      assert.deepEqual(told.map(byDevice), [[first, second]]);
    },
  },
  {
    name: '[PRES-1] who stopped listening hears nothing more',
    async run(createStore) {
      const store = await createStore();
      const stopped: SessionChange[] = [];
      const stop = store.subscribe((change) => stopped.push(change));
      stop();
      const heard = await listenTo(store);
      await store.swap(written(session(laptop, 's1')), undefined);
      await heard(1);
      assert.deepEqual(stopped, []);
    },
  },
  {
    name: '[STORE-6] changing the sessions that a store hands out changes nothing in it',
    async run(createStore) {
      const store = await holding(createStore, session(laptop, 's1'));
      scribble(await store.sessionsOf('alice'));
      assert.deepEqual(await store.sessionsOf('alice'), [session(laptop, 's1')]);
    },
  },
  {
    name: '[STORE-6] who changes what was told, or was written, changes it for nobody else',
    async run(createStore) {
      const store = await createStore();
      store.subscribe(scribble);
      const heard = await listenTo(store);
      const change = written(session(laptop, 's1'));
      await store.swap(change, undefined);
      const told = await heard(1);
      assert.deepEqual(change, written(session(laptop, 's1')));
      scribble(change);
      assert.deepEqual(told, [written(session(laptop, 's1'))]);
      assert.deepEqual(await store.sessionsOf('alice'), [session(laptop, 's1')]);
    },
  },
];

const laptop = deviceKey('alice', 'laptop');
const phone = deviceKey('alice', 'phone');
const bobsPhone = deviceKey('bob', 'phone');

function session(device: DeviceKey, socketId: string): Session {
  const id = userOf(device);
  return {
    device,
    user: { id, username: `name of ${id}` },
    socketId,
    legacy: true,
    userAgent: 'Browser/1.0',
    features: [],
    scope: '',
  };
}

function written(written: Session): SessionChange {
  return { device: written.device, session: written };
}

function removed(device: DeviceKey): SessionChange {
  return { device, session: undefined };
}

async function holding(
  createStore: () => PresenceStore | Promise<PresenceStore>,
  ...sessions: Session[]
): Promise<PresenceStore> {
  const store = await createStore();
  for (const each of sessions) assert.equal(await store.swap(written(each), undefined), true);
  return store;
}

function byDevice(sessions: Session[]): Session[] {
  return sessions.toSorted((a, b) => a.device.localeCompare(b.device));
}

/** Listens, once changes are told. @returns what gives all that was heard, once it is as much as was asked for */
async function listenTo(
  store: PresenceStore,
  onReset: (sessions: Session[]) => void = () => {},
): Promise<(count: number) => Promise<SessionChange[]>> {
  const heard: SessionChange[] = [];
  let wake = () => {};
  await new Promise<void>((resolve) => {
    store.subscribe(
      (change) => {
        heard.push(change);
        wake();
      },
      (sessions) => {
        onReset(sessions);
        resolve();
      },
    );
  });
  return async (count) => {
    while (heard.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return heard;
  };
}
