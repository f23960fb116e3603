import { describe, expect, test } from 'vitest';
import { TRANSPORTS } from './legacy-client.ts';
import { ofOneNode } from './nodes-mode.ts';
import { stage } from './stage.ts';

const named = (users: { username: string }[]) => users.map((user) => user.username).sort();

describe.each(TRANSPORTS)('presence over %s', (transport) => {
  test('[PRES-1] with two tabs, closing one changes nothing', async () => {
    const { join, get } = await stage(transport);
    const watcher = await join('watcher');
    const [first, second] = [await join('bob'), await join('bob')];
    await watcher.next('users_updated', (users) => users.length === 2);
    first.close();
    await join('carol');
    const list = await watcher.next('users_updated', (users) => named(users).includes('carol'));
    expect(named(list)).toEqual(['bob', 'carol', 'watcher']);
    // The entry of bob must show a connection that is there.
    const online = (await (await get('/api/online-users', 'bob')).json()) as { id: string; socketId: string }[];
    expect(online.find((user) => user.id === second.id)?.socketId).toBe(second.socket.id);
    watcher.forget();
    second.close();
    await watcher.next('users_updated', (users) => !named(users).includes('bob'));
  });

  test('[PRES-2] every joined device gets the whole list after a change; one that has not joined gets nothing', async () => {
    const { join, connect } = await stage(transport);
    const watchers = [await join('alice'), await join('bob'), await join('bob')];
    const outsider = await connect('outsider');
    const carol = await join('carol');
    const entry = { id: carol.id, username: 'carol', isOnline: true, socketId: carol.socket.id };
    for (const watcher of watchers) {
      const list = await watcher.next('users_updated', (users) => users.length === 3);
      expect(list).toContainEqual(entry);
      expect(named(list)).toEqual(['alice', 'bob', 'carol']);
    }
    await outsider.quiet('users_updated');
  });

  test('[PRES-2] many changes are few broadcasts, one each 250 ms', async () => {
    const { join } = await stage(transport);
    const watcher = await join('watcher');
    watcher.forget();
    const began = performance.now();
    await Promise.all(Array.from({ length: 40 }, (_, n) => join(`user ${n}`)));
    await watcher.next('users_updated', (users) => users.length === 41);
    const intervals = Math.ceil((performance.now() - began) / 250);
    expect(watcher.order('users_updated').length).toBeLessThanOrEqual(intervals + 1);
  });

  ofOneNode('each has that budget for its own devices')(
    '[PRES-2] broadcasts stay within the budget of bytes a second',
    async () => {
      // Four users: a list of some 440 bytes to four devices is 1.8 KB, which this budget spreads over a second and more.
      const { join } = await stage(transport, { presenceBudgetBytesPerSecond: 1_500 });
      const watchers = [await join('alice'), await join('bob'), await join('carol')];
      const [alice] = watchers;
      await join('dave');
      await alice?.next('users_updated', (users) => users.length === 4);
      const since = performance.now();
      await join('eve');
      await alice?.next('users_updated', (users) => users.length === 5);
      expect(performance.now() - since).toBeGreaterThan(700);
    },
  );

  test('[PRES-4] a device that returns within the grace causes no broadcast and never looks offline', async () => {
    const { join, get } = await stage(transport);
    const [watcher, bob] = [await join('watcher'), await join('bob')];
    await watcher.next('users_updated', (users) => users.length === 2);
    watcher.forget();
    await bob.drop();
    await join('carol');
    expect(named(await watcher.next('users_updated'))).toEqual(['bob', 'carol', 'watcher']);
    const online = (await (await get('/api/online-users')).json()) as { username: string }[];
    expect(named(online)).toEqual(['bob', 'carol', 'watcher']);
    await bob.comeBack();
    // Longer than the interval of a broadcast: an absence has no event to wait for.
    await new Promise((resolve) => setTimeout(resolve, 400));
    await watcher.quiet('users_updated');
  });

  test('[PRES-4] a device that does not return goes offline after the grace', async () => {
    const { join } = await stage(transport, { presenceGraceMs: 300 });
    const [watcher, bob] = [await join('watcher'), await join('bob')];
    await watcher.next('users_updated', (users) => users.length === 2);
    watcher.forget();
    const since = performance.now();
    await bob.drop();
    expect(named(await watcher.next('users_updated'))).toEqual(['watcher']);
    expect(performance.now() - since).toBeGreaterThan(250);
  });
});
