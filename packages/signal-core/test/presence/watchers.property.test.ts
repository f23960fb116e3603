import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type DeviceKey, deviceKey, userOf } from '../../src/domain/ids.ts';
import { isOnline, type Session } from '../../src/domain/session.ts';
import type { PresencePoint } from '../../src/presence/replica.ts';
import type { OnlineUser, PresenceChange, ServerEvent, UserRef } from '../../src/protocol/server-events.ts';
import { scaled } from '../domain/scale.ts';
import { presenceWorld, Wire } from './presence-world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const PRESENCE_GRACE_MS = 5_000;
const USERS = ['ann', 'ben', 'cleo', 'dan'];
/** Each of them is a user, too. */
const WATCHERS = ['watcher 1', 'watcher 2', 'watcher 3'];

const scope = fc.constantFrom('red', 'red', 'red', 'blue');
const device = fc.tuple(fc.constantFrom(...USERS), fc.constantFrom('phone', 'tablet')).map(([u, d]) => deviceKey(u, d));
const watcher = fc.nat(WATCHERS.length - 1);
const mode = fc.constantFrom('full', 'delta', 'delta', 'delta', 'none');
const ids = fc.subarray([...USERS, ...WATCHERS, 'nobody']);

type Deed =
  | { do: 'arrive'; device: DeviceKey; name: string; scope: string }
  | { do: 'lose' | 'leave'; device: DeviceKey }
  | { do: 'wait'; ms: number }
  | { do: 'watch'; watcher: number; mode: 'full' | 'delta' | 'none'; scope: string; knows: boolean }
  | { do: 'unwatch'; watcher: number; how: 'lose' | 'leave' }
  | { do: 'sync'; watcher: number; knows: boolean }
  | { do: 'subscribe'; watcher: number; ids: string[] }
  | { do: 'judge'; viewer: string; other: string };

const name = fc.constantFrom('as ever', 'as ever', 'renamed');
const deed = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('arrive'), device, name, scope }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('lose', 'leave', 'leave'), device }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(0, 0, 1, 1, 1, 250, 250, 250, 4_999, 5_000) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('watch'), watcher, mode, scope, knows: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unwatch'), watcher, how: fc.constantFrom('lose', 'leave') }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('sync'), watcher, knows: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('subscribe'), watcher, ids }) },
) as fc.Arbitrary<Deed>; // fast-check widens the literals

/** Who may see whom changes: whom they might see they may not any more, or the other way round. */
const judgement: fc.Arbitrary<Deed> = fc.record({
  do: fc.constant('judge'),
  viewer: fc.constantFrom(...WATCHERS),
  other: fc.constantFrom(...USERS, ...WATCHERS),
});

/** Who is online, without any cleverness: everybody with a device there, under the name of the last join. */
function truth(sessions: Session[], scope: string, now: number): Map<string, string> {
  const online = sessions.filter((each) => each.scope === scope && isOnline(each, now, PRESENCE_GRACE_MS));
  return new Map(online.map(({ user }) => [user.id, user.username]));
}

/** A client that keeps a list as PRES-5 to PRES-10 say. */
class Client {
  readonly wire: Wire;
  readonly scope: string;
  readonly #self: string;
  mode: 'full' | 'delta' | 'none' | 'chosen';
  users: Map<string, string>;
  point: PresencePoint | undefined;
  /** Its list is of an epoch that is over: until it has asked, changes mean nothing to it. */
  isOutdated = false;
  readonly sees: (id: string) => boolean;

  constructor(
    self: string,
    mode: Client['mode'],
    scope: string,
    { users, sees }: { users: Map<string, string>; sees: (id: string) => boolean },
  ) {
    this.#self = self;
    this.sees = sees;
    this.wire = new Wire((event, payload) => this.#hear(event, payload));
    this.mode = mode;
    this.scope = scope;
    this.users = users;
  }

  replace(users: UserRef[]): void {
    for (const { id } of users) expect([id, this.sees(id)]).toEqual([id, true]);
    this.users = new Map(users.map((user) => [user.id, user.username]));
  }

  apply({ joined, left }: Pick<PresenceChange, 'joined' | 'left'>): void {
    this.#check({ joined, left });
    for (const user of joined) this.users.set(user.id, user.username);
    for (const id of left) this.users.delete(id);
  }

  /** Nobody hears of whom they may not see; of whom they chose, that they are not there. */
  #check({ joined, left }: Pick<PresenceChange, 'joined' | 'left'>): void {
    const told = [...joined.map(({ id }) => id), ...(this.mode === 'chosen' ? [] : left)];
    expect(told.filter((id) => !this.sees(id))).toEqual([]);
  }

  #hear(event: ServerEvent, payload: unknown): void {
    if (event === 'users_updated') {
      expect(this.mode).toBe('full');
      this.replace(payload as OnlineUser[]);
      // a list made before the join would not know
      expect([...this.users.keys()]).toContain(this.#self);
      return;
    }
    expect(event).toBe('presence_changed');
    const change = payload as PresenceChange;
    this.#check(change);
    if (this.mode === 'delta') {
      this.isOutdated ||= change.epoch !== this.point?.epoch;
      if (this.isOutdated) return;
      // nothing is missed, nothing comes twice
      expect(change).toMatchObject({ epoch: this.point?.epoch, version: (this.point?.version ?? 0) + 1 });
      this.point = { epoch: change.epoch, version: change.version };
    } else {
      expect(this.mode).toBe('chosen');
      expect(Object.keys(change).sort()).toEqual(['joined', 'left']);
    }
    this.apply(change);
  }
}

async function play(deeds: Deed[], isAsked: boolean): Promise<void> {
  const denied = new Set<string>();
  const canSee = (viewer: string, other: string) => viewer === other || !denied.has(`${viewer} → ${other}`);
  const world = presenceWorld(undefined, isAsked ? (viewer, other) => canSee(viewer.id, other.id) : undefined);
  const { clock, roster, watchers } = world;
  const sessions = new Map<DeviceKey, Session>();
  const clients: (Client | undefined)[] = [];
  const known: { users: Map<string, string>; point: PresencePoint }[] = [];

  const arrive = (device: DeviceKey, username: string, scope: string) => {
    const user = { id: userOf(device), username };
    const session = { device, user, socketId: 's', legacy: false, userAgent: '', features: [], scope };
    sessions.delete(device);
    sessions.set(device, session);
    roster.apply({ device, session }, user.id);
  };
  const depart = (device: DeviceKey, how: 'lose' | 'leave') => {
    const before = sessions.get(device);
    if (before === undefined) return;
    if (how === 'leave') {
      sessions.delete(device);
      roster.apply({ device, session: undefined }, userOf(device));
    } else if (before.lostAt === undefined) {
      const session = { ...before, lostAt: clock.now() };
      sessions.set(device, session);
      roster.apply({ device, session }, userOf(device));
    }
  };
  const truthFor = ({ scope, sees }: Client) => {
    const all = truth([...sessions.values()], scope, clock.now());
    return new Map([...all].filter(([id]) => sees(id)));
  };
  const own = (index: number) => deviceKey(WATCHERS[index] ?? '', 'tab');

  const unwatch = (index: number, how: 'lose' | 'leave') => {
    const client = clients[index];
    if (client === undefined) return;
    clients[index] = undefined;
    client.wire.isOpen = false;
    watchers.unwatch(client.wire.connection);
    depart(own(index), how);
    if (client.mode === 'delta' && client.point) known[index] = { users: client.users, point: client.point };
  };

  const watch = ({ watcher, mode, scope, knows }: Extract<Deed, { do: 'watch' }>) => {
    unwatch(watcher, 'lose');
    const id = WATCHERS[watcher] ?? '';
    arrive(own(watcher), id, scope);
    const memory = knows ? known[watcher] : undefined;
    const client = new Client(id, mode, scope, {
      users: new Map(memory?.users),
      sees: (other) => canSee(id, other),
    });
    clients[watcher] = client;
    const seen = watchers.watch(client.wire.connection, {
      mode,
      scope,
      viewer: { id, username: id },
      since: memory?.point,
    });
    if (seen.presenceChange) client.apply(seen.presenceChange);
    else client.replace(JSON.parse(seen.onlineUsers));
    if (seen.presenceEpoch !== undefined && seen.presenceVersion !== undefined) {
      client.point = { epoch: seen.presenceEpoch, version: seen.presenceVersion };
    }
    expect(mode === 'full').toBe(client.point === undefined);
    if (mode !== 'none') expect(client.users).toEqual(truthFor(client));
  };

  const sync = (client: Client | undefined, knows: boolean) => {
    if (client === undefined || client.mode === 'none' || client.mode === 'chosen') return;
    const answer = watchers.sync(client.wire.connection, knows ? client.point : undefined);
    if ('users' in answer) client.replace(JSON.parse(answer.users));
    else client.apply(answer);
    if (client.mode === 'delta') client.point = { epoch: answer.epoch, version: answer.version };
    client.isOutdated = false;
    expect(client.users).toEqual(truthFor(client));
  };

  const subscribe = (client: Client | undefined, ids: string[]) => {
    if (client === undefined) return;
    client.mode = 'chosen';
    client.replace(watchers.subscribe(client.wire.connection, ids));
    expect(client.users).toEqual(only(truthFor(client), ids));
    chosen.set(client, ids);
  };
  const chosen = new Map<Client, string[]>();

  const catchUp = () => {
    for (const client of clients) if (client?.isOutdated) sync(client, true);
  };

  const perform = (each: Deed): void | Promise<void> => {
    switch (each.do) {
      case 'arrive':
        return arrive(each.device, `${userOf(each.device)} ${each.name}`, each.scope);
      case 'lose':
      case 'leave':
        return depart(each.device, each.do);
      case 'wait':
        return clock.advance(each.ms);
      case 'watch':
        return watch(each);
      case 'unwatch':
        return unwatch(each.watcher, each.how);
      case 'sync':
        return sync(clients[each.watcher], each.knows);
      case 'subscribe':
        return subscribe(clients[each.watcher], each.ids);
      case 'judge':
        if (!denied.delete(`${each.viewer} → ${each.other}`)) denied.add(`${each.viewer} → ${each.other}`);
        return roster.renew();
    }
  };
  for (const each of deeds) {
    await perform(each);
    catchUp();
  }
  for (let turn = 0; turn < 150; turn += 1) {
    await clock.advance(250);
    catchUp();
  }
  for (const fault of world.faults) throw fault;
  for (const client of clients) {
    if (client === undefined || client.mode === 'none') continue;
    const all = truthFor(client);
    expect(client.users).toEqual(client.mode === 'chosen' ? only(all, chosen.get(client) ?? []) : all);
  }
}

function only(users: Map<string, string>, ids: string[]): Map<string, string> {
  return new Map([...users].filter(([id]) => ids.includes(id)));
}

describe('every watcher', () => {
  beforeEach(() => {
    // every step of a broadcast is a slice of its own, so that anything may come between two of them
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => ++now);
  });

  test('[PRES-5] [PRES-7] [PRES-8] [PRES-9] [PRES-10] [PRES-11] comes to who is online, whatever happens when', async () => {
    const deeds = fc.array(deed, { minLength: 5, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(deeds, (each) => play(each, false)),
      { numRuns: scaled(500, 5_000) },
    );
  });

  test('[SEE-1] [SEE-3] comes to whom of them it may see, and never hears of anybody else', async () => {
    const either = fc.oneof({ weight: 8, arbitrary: deed }, { weight: 2, arbitrary: judgement });
    const deeds = fc.array(either, { minLength: 5, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(deeds, (each) => play(each, true)),
      { numRuns: scaled(500, 5_000) },
    );
  });
});
