import { afterEach, describe, expect, test, vi } from 'vitest';
import { type DeviceKey, userOf } from '../../src/domain/ids.ts';
import type { SeeHook } from '../../src/hooks.ts';
import type { ServerEvent } from '../../src/protocol/server-events.ts';
import { laptop, pager, phone } from '../domain/cast.ts';
import { presenceWorld, Wire } from '../presence/presence-world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function world(canSee?: SeeHook) {
  const built = presenceWorld(undefined, canSee);
  const arrive = (device: DeviceKey, scope = '') => {
    const user = { id: userOf(device), username: userOf(device) };
    const session = { device, user, socketId: 's', legacy: false, userAgent: '', features: [], scope };
    built.roster.apply({ device, session }, user.id);
  };
  const leave = (device: DeviceKey) => built.roster.apply({ device, session: undefined }, userOf(device));
  /** A connection, and what it was sent. */
  const wire = () => {
    const heard: [ServerEvent, unknown][] = [];
    const { connection } = new Wire((event, payload) => heard.push([event, payload]));
    return { heard, connection };
  };
  return { ...built, arrive, leave, wire };
}

const viewer = { id: 'watcher', username: 'Watcher' };
const full = { mode: 'full', scope: '', viewer, since: undefined } as const;
const delta = { ...full, mode: 'delta' } as const;

describe('watchers', () => {
  test('[PRES-5] leave nothing behind, by whichever way they heard of presence', () => {
    const { watchers, wire } = world();
    const { connection } = wire();
    for (const mode of ['full', 'delta', 'none'] as const) {
      watchers.watch(connection, { mode, scope: 'red', viewer, since: undefined });
      watchers.subscribe(connection, ['a', 'b']);
      watchers.subscribe(connection, ['b']);
      watchers.unwatch(connection);
      // what is not kept is made anew each time
      expect(watchers.of('red')).not.toBe(watchers.of('red'));
      expect(watchers.of('red').isEmpty).toBe(true);
    }
  });

  test('[PRES-5] that only came for nothing keep nothing', () => {
    const { watchers, wire } = world();
    watchers.watch(wire().connection, { ...full, mode: 'none' });
    expect(watchers.of('')).not.toBe(watchers.of(''));
  });

  test('[PRES-7] of a scope that nobody is in yet have an empty list, and no later version of it is theirs', () => {
    const { watchers, wire } = world();
    const { connection } = wire();
    const seen = watchers.watch(connection, delta);
    expect(seen).toMatchObject({ onlineUsers: '[]', presenceVersion: 0 });
    expect(watchers.sync(connection, { epoch: seen.presenceEpoch ?? '', version: 0 })).toHaveProperty('users', '[]');
  });
});

describe('who comes while a broadcast is on its way', () => {
  /** Alice and Bob came; that is published, and not yet sent to anybody. */
  async function underWay() {
    const built = world();
    let steps = 0;
    // every step of a broadcast is a turn of its own
    vi.spyOn(performance, 'now').mockImplementation(() => ++steps);
    const first = built.wire();
    built.arrive(laptop);
    built.watchers.watch(first.connection, delta);
    built.arrive(phone);
    await built.clock.advance(0);
    expect([first.heard, built.roster.in('').point().version]).toEqual([[], 0]);
    while (built.roster.in('').point().version === 0) await built.clock.advance(1);
    expect(first.heard).toEqual([]);
    return { ...built, first };
  }

  test('[PRES-10] and chooses users is not told what was before', async () => {
    const { watchers, clock, wire, arrive, leave, first } = await underWay();
    const late = wire();
    arrive(pager);
    watchers.watch(late.connection, { ...full, mode: 'none' });
    leave(phone);
    expect(watchers.subscribe(late.connection, ['bob'])).toEqual([]);
    for (let turn = 0; turn < 20; turn += 1) await clock.advance(50);
    expect(late.heard).toEqual([['presence_changed', { joined: [], left: ['bob'] }]]);
    expect(first.heard).toMatchObject([
      ['presence_changed', { version: 1, joined: [{ id: 'alice' }, { id: 'bob' }] }],
      ['presence_changed', { version: 2, joined: [{ id: 'carol' }], left: ['bob'] }],
    ]);
  });

  test('[PRES-7] and is told of changes gets the next one first', async () => {
    const { watchers, clock, wire, arrive } = await underWay();
    const late = wire();
    arrive(pager);
    expect(watchers.watch(late.connection, delta)).toMatchObject({ presenceVersion: 1 });
    for (let turn = 0; turn < 20; turn += 1) await clock.advance(50);
    expect(late.heard).toMatchObject([['presence_changed', { version: 2, joined: [{ id: 'carol' }], left: [] }]]);
  });

  test('[PRES-9] and asks for what changed is not told it again', async () => {
    const { watchers, clock, first } = await underWay();
    expect(watchers.sync(first.connection, undefined)).toMatchObject({ version: 1 });
    for (let turn = 0; turn < 20; turn += 1) await clock.advance(50);
    expect(first.heard).toEqual([]);
  });

  test('[PRES-5] and goes is sent nothing more', async () => {
    const { watchers, clock, first } = await underWay();
    watchers.unwatch(first.connection);
    for (let turn = 0; turn < 20; turn += 1) await clock.advance(50);
    expect(first.heard).toEqual([]);
  });
});

/** A second in steps: on a busy machine a broadcast takes more than one turn. */
async function second(clock: ReturnType<typeof world>['clock']): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await clock.advance(50);
}

describe('who may see whom', () => {
  test('[SEE-1] whoever comes or goes unseen moves nothing on the wire, however one hears of presence', async () => {
    const { watchers, clock, wire, arrive, leave } = world((_, other) => other.id !== 'bob');
    arrive(laptop);
    await second(clock);
    const [lists, changes, choice] = [wire(), wire(), wire()];
    const listed = watchers.watch(lists.connection, full);
    const { presenceEpoch: epoch = '', presenceVersion } = watchers.watch(changes.connection, delta);
    watchers.watch(choice.connection, { ...full, mode: 'none' });
    watchers.subscribe(choice.connection, ['alice', 'bob', 'carol']);
    expect([JSON.parse(listed.onlineUsers).length, presenceVersion]).toEqual([1, 0]);
    for (let n = 0; n < 3; n += 1) {
      for (const change of [arrive, leave]) {
        change(phone);
        await second(clock);
      }
    }
    // another connection of somebody whom they see is no news either
    arrive(laptop);
    arrive(phone);
    await second(clock);
    expect([lists.heard, changes.heard, choice.heard]).toEqual([[], [], []]);

    arrive(pager);
    await second(clock);
    const joined = [{ id: 'carol', username: 'carol' }];
    expect(lists.heard).toEqual([['users_updated', [expect.anything(), expect.objectContaining({ id: 'carol' })]]]);
    expect(changes.heard).toEqual([['presence_changed', { epoch, version: 1, joined, left: [] }]]);
    expect(choice.heard).toEqual([['presence_changed', { joined, left: [] }]]);

    leave(phone);
    leave(pager);
    await second(clock);
    expect(changes.heard.slice(1)).toEqual([['presence_changed', { epoch, version: 2, joined: [], left: ['carol'] }]]);
    expect(lists.heard.slice(1)).toEqual([['users_updated', [expect.anything()]]]);
  });

  test('[SEE-1] [PRES-9] whoever gets lists and asks for one between them gets the next if it is another than that', async () => {
    const { watchers, clock, wire, arrive, leave } = world((_, other) => other.id !== 'bob');
    const { connection, heard } = wire();
    watchers.watch(connection, full);
    arrive(laptop);
    expect(watchers.sync(connection, undefined)).toMatchObject({ users: '[{"id":"alice","username":"alice"}]' });
    leave(laptop);
    await second(clock);
    expect(heard).toEqual([['users_updated', []]]);
  });

  test('[SEE-1] [PRES-7] whoever asks, or returns, begins a count of their own, which tells of nobody else', async () => {
    const { watchers, clock, wire, arrive, leave } = world((_, other) => other.id !== 'bob');
    const { connection } = wire();
    const first = watchers.watch(connection, delta);
    const since = { epoch: first.presenceEpoch ?? '', version: 0 };
    const points = [since.epoch];
    for (const change of [arrive, leave, arrive]) {
      change(phone);
      await second(clock);
      const state = watchers.sync(connection, since);
      expect(state).toEqual({ epoch: expect.any(String), version: 0, users: '[]' });
      points.push(state.epoch);
    }
    const back = watchers.watch(wire().connection, { ...delta, since });
    expect(back).toEqual({ onlineUsers: '[]', presenceEpoch: expect.any(String), presenceVersion: 0 });
    expect(new Set([...points, back.presenceEpoch]).size).toBe(5);
  });

  test('[SEE-1] [SEE-3] a list that is being made while that changes is not sent, but the next one', async () => {
    let steps = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => ++steps);
    const denied = new Set<string>();
    const { watchers, roster, clock, wire, arrive } = world((_, other) => !denied.has(other.id));
    for (let index = 0; index < 600; index += 1) arrive(`user ${index}/phone`);
    const { connection, heard } = wire();
    watchers.watch(connection, full);
    await clock.advance(0);
    // of a list of 600 users the host has been asked about the first 255
    await clock.advance(1);
    denied.add('user 0');
    roster.renew();
    for (let turn = 0; turn < 30; turn += 1) await clock.advance(50);
    expect(heard).toEqual([['users_updated', expect.objectContaining({ length: 599 })]]);
    expect(JSON.stringify(heard)).not.toContain('"user 0"');
  });
});
