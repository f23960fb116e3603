import { describe, expect, test } from 'vitest';
import { TRANSPORTS } from './legacy-client.ts';
import { come, named, watch } from './presence-steps.ts';
import { stage } from './stage.ts';

describe.each(TRANSPORTS)('presence as changes, over %s', (transport) => {
  test('[PRES-5] `full` hears lists, `delta` changes, `none` nothing', async () => {
    const world = await stage(transport);
    const { client: full, success } = await come(world, 'full', { presence: 'full' });
    const delta = await watch(world, 'delta');
    const none = await come(world, 'none', { presence: 'none' });
    await full.next('users_updated', (users) => users.length === 3);
    await delta.until('delta', 'full', 'none');
    await world.join('bob');
    await full.next('users_updated', (users) => named(users).includes('bob'));
    await delta.until('bob', 'delta', 'full', 'none');
    await full.quiet('presence_changed');
    await delta.client.quiet('users_updated', 'presence_changed');
    await none.client.quiet('users_updated', 'presence_changed');
    expect(success).not.toHaveProperty('presenceEpoch');
    expect(success).not.toHaveProperty('presenceVersion');
    expect(none.success.onlineUsers).toEqual([]);
    expect(none.success).toMatchObject({ presenceEpoch: delta.epoch, presenceVersion: expect.any(Number) });
  });

  test('[PRES-5] another word for how to hear of presence is refused', async () => {
    const { connect } = await stage(transport);
    const client = await connect('alice');
    expect(await client.refusal('join', { id: 'a', username: 'a', protocol: 2, presence: 'some' })).toBe(
      'invalid_payload',
    );
  });

  test('[PRES-5] [PRES-7] the list of a `delta` device holds everybody, as for others, and says where it stands', async () => {
    const world = await stage(transport);
    const bob = await world.join('bob');
    const { client, success } = await come(world, 'alice', { presence: 'delta' });
    expect(success.onlineUsers).toEqual([
      { id: bob.id, username: 'bob', isOnline: true, socketId: bob.socket.id },
      { id: client.id, username: 'alice', isOnline: true, socketId: client.socket.id },
    ]);
    expect(success.presenceEpoch).toMatch(/^[0-9a-f]{8}$/);
    expect(success).not.toHaveProperty('presenceChange');
  });

  test('[PRES-6] who joins, leaves or has a new name is told by id and name, one version after the other', async () => {
    const world = await stage(transport);
    const alice = await watch(world, 'alice');
    await alice.next();
    const bob = await world.join('bob');
    expect(await alice.next()).toEqual({
      epoch: alice.epoch,
      version: alice.version,
      joined: [{ id: bob.id, username: 'bob' }],
      left: [],
    });
    bob.send('leave');
    expect(await alice.next()).toMatchObject({ joined: [], left: [bob.id] });
    await bob.join({ id: bob.id, username: 'bob' });
    expect(await alice.next()).toMatchObject({ joined: [{ id: bob.id, username: 'bob' }] });
    const tab = await world.connect('bobby');
    await tab.join({ id: bob.id, username: 'bobby' });
    expect(await alice.next()).toMatchObject({ joined: [{ id: bob.id, username: 'bobby' }], left: [] });
    expect(alice.names).toEqual(['alice', 'bobby']);
  });

  test('[PRES-1] [PRES-6] a second device of a user, and its end, are told to nobody', async () => {
    const world = await stage(transport);
    const alice = await watch(world, 'alice');
    const first = await world.join('bob');
    await alice.until('alice', 'bob');
    const second = await world.join('bob');
    first.close();
    second.close();
    await alice.until('alice');
    expect(alice.version).toBe(3);
  });

  test('[PRES-6] many changes are few batches, with no number left out', async () => {
    const world = await stage(transport);
    const alice = await watch(world, 'alice');
    await alice.next();
    const began = performance.now();
    const names = Array.from({ length: 40 }, (_, n) => `user ${n}`);
    const users = await Promise.all(names.map((name) => world.join(name)));
    let batches = await alice.until('alice', ...names);
    expect(batches.length).toBeLessThanOrEqual(Math.ceil((performance.now() - began) / 250) + 1);
    for (const user of users) user.close();
    batches = await alice.until('alice');
    expect(new Set(batches.flatMap(({ left }) => left)).size).toBe(40);
  });

  test('[PRES-6] a join or a leave costs a watcher less than 200 bytes, however many are online', async () => {
    const world = await stage(transport);
    const alice = await watch(world, 'alice');
    const names = Array.from({ length: 60 }, (_, n) => `user ${n}`);
    await Promise.all(names.map((name) => world.join(name)));
    await alice.until('alice', ...names);
    const bytesOf = (change: object) => Buffer.byteLength(`42${JSON.stringify(['presence_changed', change])}`) + 4;
    const bob = await world.join('bob the last');
    const joined = await alice.next();
    bob.close();
    const left = await alice.next();
    expect([joined.joined.length, left.left.length]).toEqual([1, 1]);
    expect(Math.max(bytesOf(joined), bytesOf(left))).toBeLessThan(200);
  });

  test('[PRES-7] whoever joins while others come and go has the same list in the end', async () => {
    const world = await stage(transport);
    const churn = async (name: string) => {
      for (let round = 0; round < 3; round += 1) {
        const user = await world.join(name);
        await user.settle();
        user.close();
      }
      await world.join(name);
    };
    const names = Array.from({ length: 12 }, (_, n) => `restless ${n}`);
    const watching = async (name: string) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 600));
      return watch(world, name);
    };
    const watchers = ['w0', 'w1', 'w2', 'w3', 'w4', 'w5'];
    const [lists] = await Promise.all([Promise.all(watchers.map(watching)), Promise.all(names.map(churn))]);
    await world.join('the last');
    for (const list of lists) {
      await list.until('the last', ...watchers, ...names);
      await list.client.quiet('presence_changed');
      expect(list.point).toEqual(lists[0]?.point);
    }
  });

  test('[PRES-4] [PRES-6] who comes back within the grace is told to nobody; who does not, after it', async () => {
    const world = await stage(transport, { presenceGraceMs: 400 });
    const alice = await watch(world, 'alice');
    const bob = await world.join('bob', { deviceId: 'phone' });
    await alice.until('alice', 'bob');
    const { version } = alice;
    await bob.drop();
    await bob.comeBack();
    await bob.drop();
    const since = performance.now();
    await alice.until('alice');
    expect(performance.now() - since).toBeGreaterThan(300);
    expect(alice.version).toBe(version + 1);
  });

  test('[PRES-6] a lost device gets no change that it missed: it says what it knows when it comes back', async () => {
    const world = await stage(transport);
    const alice = await watch(world, 'alice', { deviceId: 'laptop', features: ['resume'], protocol: 2 });
    const bob = await watch(world, 'bob');
    await alice.until('alice', 'bob');
    await alice.client.drop();
    alice.client.forget();
    await world.join('carol');
    await bob.until('alice', 'bob', 'carol');
    const success = await alice.client.comeBack();
    expect(named(success.onlineUsers)).toEqual(['alice', 'bob', 'carol']);
    expect(success.presenceVersion).toBe(bob.version);
    await alice.client.quiet('presence_changed');
  });

  test('[JOIN-8] after `leave` nothing more is told', async () => {
    const world = await stage(transport);
    const [alice, bob] = [await watch(world, 'alice'), await watch(world, 'bob')];
    await alice.until('alice', 'bob');
    while (bob.version < alice.version) await bob.next();
    await bob.client.ask('leave', null);
    await world.join('carol');
    await alice.until('alice', 'carol');
    await bob.client.quiet('presence_changed', 'users_updated');
  });

  test('[JOIN-3] a second `join` answers with what there is now, and changes nothing else', async () => {
    const world = await stage(transport);
    const alice = await watch(world, 'alice');
    await world.join('bob');
    await alice.until('alice', 'bob');
    const again = await alice.client.join({ id: alice.client.id, username: 'alice', presence: 'full' });
    expect(again).toMatchObject({ presenceEpoch: alice.epoch, presenceVersion: alice.version });
    expect(named(again.onlineUsers)).toEqual(['alice', 'bob']);
    await world.join('carol');
    await alice.until('alice', 'bob', 'carol');
    await alice.client.quiet('users_updated');
  });
});

test('[PRES-2] [PRES-6] changes do not wait for the lists, which cost more', async () => {
  const world = await stage('websocket', { presenceBudgetBytesPerSecond: 400 });
  const alice = await watch(world, 'alice');
  const full = await Promise.all(['bob', 'carol', 'dave'].map((name) => world.join(name)));
  await alice.until('alice', 'bob', 'carol', 'dave');
  // 450 bytes to three devices: the next list is due in more than three seconds
  for (const client of full) await client.next('users_updated', (users) => users.length === 4);
  await world.join('eve', { presence: 'none' });
  await alice.until('alice', 'bob', 'carol', 'dave', 'eve');
  const [bob] = full;
  await bob?.quiet('users_updated');
  await bob?.next('users_updated', (users) => users.length === 5);
});
