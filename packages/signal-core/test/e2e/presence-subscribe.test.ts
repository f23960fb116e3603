import { describe, expect, test } from 'vitest';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { come, named } from './presence-steps.ts';
import { stage } from './stage.ts';

/** Chooses users, and says who of them is online. */
async function choose(client: LegacyClient, ids: string[]) {
  const answer = await client.ask('presence_subscribe', { ids });
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
  return answer.users;
}

describe.each(TRANSPORTS)('chosen users, over %s', (transport) => {
  test('[PRES-10] a device is told who of them is online, and from then on of them only', async () => {
    const world = await stage(transport);
    const [bob, carol] = [await world.join('bob'), await world.login('carol')];
    const { client: alice } = await come(world, 'alice', { presence: 'delta' });
    await alice.next('presence_changed');
    const users = await choose(alice, [bob.id, carol.id, 'nobody', bob.id]);
    expect(users).toEqual([{ id: bob.id, username: 'bob' }]);
    const dave = await world.join('dave');
    const phone = await world.join('carol');
    expect(await alice.next('presence_changed')).toEqual({ joined: [{ id: carol.id, username: 'carol' }], left: [] });
    dave.close();
    bob.close();
    expect(await alice.next('presence_changed')).toEqual({ joined: [], left: [bob.id] });
    const tab = await world.connect('caroline');
    await tab.join({ id: carol.id, username: 'caroline' });
    expect(await alice.next('presence_changed')).toEqual({
      joined: [{ id: carol.id, username: 'caroline' }],
      left: [],
    });
    phone.close();
    await alice.quiet('presence_changed', 'users_updated');
  });

  test.each(['full', 'delta', 'none'])('[PRES-10] whatever its `presence` was: %s', async (presence) => {
    const world = await stage(transport);
    const { client: alice } = await come(world, 'alice', { presence });
    const bob = await world.login('bob');
    expect(await choose(alice, [bob.id])).toEqual([]);
    // what was under way before is there now
    await alice.settle();
    alice.forget();
    await Promise.all([world.join('carol'), world.join('dave')]);
    await world.join('bob');
    expect(await alice.next('presence_changed')).toEqual({ joined: [{ id: bob.id, username: 'bob' }], left: [] });
    await alice.quiet('presence_changed', 'users_updated');
  });

  test('[PRES-10] a later choice takes the place of the one before, also when it is of nobody', async () => {
    const world = await stage(transport);
    const { client: alice } = await come(world, 'alice', { presence: 'none' });
    const [bob, carol] = [await world.join('bob'), await world.join('carol')];
    const witness = await world.join('witness');
    expect(named(await choose(alice, [bob.id]))).toEqual(['bob']);
    expect(named(await choose(alice, [carol.id]))).toEqual(['carol']);
    alice.forget();
    bob.close();
    carol.close();
    await alice.next('presence_changed', ({ left }) => left.includes(carol.id));
    expect(JSON.stringify(alice.log)).not.toContain(bob.id);
    expect(await choose(alice, [])).toEqual([]);
    alice.forget();
    const again = await world.join('carol');
    await witness.next('users_updated', (users) => named(users).includes('carol') && !named(users).includes('bob'));
    again.close();
    await alice.quiet('presence_changed', 'users_updated');
  });

  test('[PRES-10] who comes and goes before the next change is told is not left over', async () => {
    const world = await stage(transport);
    const { client: alice } = await come(world, 'alice');
    const names = ['bob', 'carol', 'dave', 'eve'];
    const ids = (await Promise.all(names.map((name) => world.login(name)))).map(({ id }) => id);
    const online = new Set<string>();
    for (const name of names) {
      const user = await world.join(name);
      for (const { id } of await choose(alice, ids)) online.add(id);
      expect(online).toContain(user.id);
      user.send('leave');
      while (online.size > 0) {
        const { joined, left } = await alice.next('presence_changed');
        for (const { id } of joined) online.add(id);
        for (const id of left) online.delete(id);
      }
    }
  });

  test('[PRES-10] without acknowledgement it is answered by presence_changed', async () => {
    const world = await stage(transport);
    const bob = await world.join('bob');
    const { client: alice } = await come(world, 'alice', { presence: 'none' });
    alice.send('presence_subscribe', { ids: [bob.id, 'nobody'] });
    expect(await alice.next('presence_changed')).toEqual({ joined: [{ id: bob.id, username: 'bob' }], left: [] });
    await alice.quiet('presence_changed', 'signal_error');
  });

  test('[PRES-10] 200 users may be chosen, and no more', async () => {
    const world = await stage(transport);
    const alice = await world.join('alice');
    const ids = Array.from({ length: 201 }, (_, n) => `user-${n}`);
    expect(await choose(alice, ids.slice(1))).toEqual([]);
    expect(await alice.refusal('presence_subscribe', { ids })).toBe('invalid_payload');
    expect(await alice.refusal('presence_subscribe', { ids: 'user-1' })).toBe('invalid_payload');
    expect(await alice.refusal('presence_subscribe', { ids: [7] })).toBe('invalid_payload');
  });

  test('[PRES-10] the choice ends with the connection', async () => {
    const world = await stage(transport);
    const { client: alice } = await come(world, 'alice', { deviceId: 'laptop' });
    await choose(alice, ['nobody']);
    await alice.drop();
    await alice.comeBack();
    await world.join('bob');
    await alice.next('users_updated', (users) => named(users).includes('bob'));
  });
});
