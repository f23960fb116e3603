import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { presenceWorld, Wire } from '../presence/presence-world.ts';

test('[PRES-10] a choice that gives way to another while a change goes out hears nothing more', async () => {
  const { clock, roster, watchers, faults } = presenceWorld();
  const heard: string[] = [];
  const [first, second] = ['first', 'second'].map(
    (name) =>
      new Wire(() => {
        heard.push(name);
        for (const wire of [first, second]) if (wire !== undefined) watchers.subscribe(wire.connection, []);
      }),
  );
  const viewer = { id: 'watcher', username: 'Watcher' };
  for (const wire of [first, second]) {
    if (wire === undefined) continue;
    watchers.watch(wire.connection, { mode: 'none', scope: '', viewer, since: undefined });
    watchers.subscribe(wire.connection, ['bob']);
  }
  const user = { id: 'bob', username: 'Bob' };
  const device = 'bob/phone';
  const session = { device, user, socketId: 's', legacy: false, userAgent: '', features: [], scope: '' } as const;
  roster.apply({ device, session }, 'bob');
  await clock.advance(1_000);
  // as many slices as a slow machine may need
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect([heard, faults]).toEqual([['first'], []]);
});
