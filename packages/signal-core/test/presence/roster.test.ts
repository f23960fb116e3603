import { describe, expect, test } from 'vitest';
import { type DeviceKey, userOf } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import { Roster } from '../../src/presence/roster.ts';
import { FakeClock } from '../../src/testing/index.ts';
import { alice, laptop, phone, tablet } from '../domain/cast.ts';

function session(device: DeviceKey, change: Partial<Session> = {}): Session {
  const user = { id: userOf(device), username: userOf(device) };
  return { device, user, socketId: `s of ${device}`, legacy: true, userAgent: '', features: [], scope: '', ...change };
}

/** A roster, and what it told the host. */
function roster(clock = new FakeClock(), now = () => clock.now()) {
  const told: string[] = [];
  const kept = new Roster({
    clock: { now, after: (ms, run) => clock.after(ms, run), every: (ms, run) => clock.every(ms, run) },
    presenceGraceMs: 5_000,
    onChange: () => told.push('list changed'),
    onOnline: ({ username }) => told.push(`${username} online`),
    onOffline: ({ username }) => told.push(`${username} offline`),
  });
  const arrive = (device: DeviceKey, change: Partial<Session> = {}) =>
    kept.apply({ device, session: session(device, change) }, userOf(device));
  const lose = (device: DeviceKey) => arrive(device, { lostAt: now() });
  const leave = (device: DeviceKey) => kept.apply({ device, session: undefined }, userOf(device));
  return { kept, clock, arrive, lose, leave, heard: () => told.splice(0) };
}

const ONLINE = ['list changed', 'bob online'];
const OFFLINE = ['list changed', 'bob offline'];

describe('a user', () => {
  test('[PRES-1] is online with the first device, and offline without the last', () => {
    const { kept, arrive, leave, heard } = roster();
    arrive(phone);
    expect(heard()).toEqual(ONLINE);
    expect(kept.list()).toEqual([{ id: 'bob', username: 'bob', isOnline: true, socketId: `s of ${phone}` }]);
    leave(phone);
    expect(heard()).toEqual(OFFLINE);
    expect([kept.list(), kept.size, kept.has('bob')]).toEqual([[], 0, false]);
  });

  test('[PRES-1] with two devices is listed once, and one of them may go', () => {
    const { kept, arrive, leave, heard } = roster();
    arrive(phone);
    arrive(tablet);
    expect(heard()).toEqual(ONLINE);
    expect([kept.size, kept.list().length]).toEqual([1, 1]);
    leave(tablet);
    expect(heard()).toEqual([]);
    expect(kept.list()[0]?.socketId).toBe(`s of ${phone}`);
    expect(kept.has('bob')).toBe(true);
  });

  test('[REST-6] is listed with a connection that speaks for one of the devices', () => {
    const { kept, arrive, leave } = roster();
    arrive(phone);
    arrive(tablet);
    arrive(phone, { socketId: 'new' });
    leave(tablet);
    expect(kept.list()[0]?.socketId).toBe('new');
  });

  test('[REST-6] is not listed with a lost connection while another device has one', () => {
    const { kept, arrive, lose } = roster();
    arrive(phone);
    arrive(tablet);
    lose(tablet);
    expect(kept.list()[0]?.socketId).toBe(`s of ${phone}`);
  });

  test('[JOIN-2] who comes with another name is listed under it, and is not online anew', () => {
    const { kept, arrive, heard } = roster();
    arrive(laptop);
    heard();
    arrive(laptop, { user: { id: alice.id, username: 'Alicia' } });
    expect(heard()).toEqual(['list changed']);
    expect(kept.list()).toMatchObject([{ id: alice.id, username: 'Alicia' }]);
  });

  test('[JOIN-2] is listed under the name of the last join, with a connection that is there', () => {
    const { kept, clock, arrive } = roster();
    const named = (username: string) => ({ user: { id: 'bob', username } });
    arrive(phone, named('Bob'));
    arrive(tablet, named('Rob'));
    arrive(phone, named('Bobby'));
    expect(kept.list()).toMatchObject([{ username: 'Bobby', socketId: `s of ${phone}` }]);
    arrive(phone, { ...named('Bobby'), lostAt: clock.now() });
    expect(kept.list()).toMatchObject([{ username: 'Bobby', socketId: `s of ${tablet}` }]);
    arrive(tablet, { ...named('Rob'), lostAt: clock.now() });
    expect(kept.list()).toMatchObject([{ username: 'Bobby', socketId: `s of ${phone}` }]);
  });

  test('[HOST-11] is told to the host by id and name, which the host may add to', () => {
    const told: object[] = [];
    const tell = (user: object) => void told.push(Object.assign(user, { email: 'bob@example.org' }));
    const kept = new Roster({
      clock: new FakeClock(),
      presenceGraceMs: 5_000,
      onChange() {},
      onOnline: tell,
      onOffline: tell,
    });
    const bobs = session(phone);
    kept.apply({ device: phone, session: bobs }, 'bob');
    expect(bobs).toEqual(session(phone));
    expect(kept.list()).toEqual([{ id: 'bob', username: 'bob', isOnline: true, socketId: `s of ${phone}` }]);
    kept.apply({ device: phone, session: undefined }, 'bob');
    const user = { id: 'bob', username: 'bob', email: 'bob@example.org' };
    expect(told).toEqual([user, user]);
  });

  test('[PRES-1] is told apart from others', () => {
    const { kept, arrive, leave, heard } = roster();
    arrive(laptop);
    arrive(phone);
    heard();
    leave(laptop);
    expect(heard()).toEqual(['list changed', 'alice offline']);
    expect(kept.list().map(({ id }) => id)).toEqual(['bob']);
  });
});

describe('scopes', () => {
  /** A roster that notes in which scopes the list changed. */
  function scoped() {
    const clock = new FakeClock();
    const changed: string[] = [];
    const told: string[] = [];
    const kept = new Roster({
      clock,
      presenceGraceMs: 5_000,
      onChange: (scope) => changed.push(scope),
      onOnline: ({ id }) => told.push(`${id} online`),
      onOffline: ({ id }) => told.push(`${id} offline`),
    });
    const arrive = (device: DeviceKey, scope: string, change: Partial<Session> = {}) =>
      kept.apply({ device, session: session(device, { scope, ...change }) }, userOf(device));
    const leave = (device: DeviceKey) => kept.apply({ device, session: undefined }, userOf(device));
    const ids = (scope: string) =>
      kept
        .in(scope)
        .list()
        .map(({ id }) => id);
    return { kept, clock, arrive, leave, ids, told, changed: () => changed.splice(0) };
  }

  test('[PRES-11] each have a list of their own, and all of them count', () => {
    const { kept, arrive, leave, ids, changed } = scoped();
    arrive(laptop, 'red');
    arrive(phone, 'blue');
    expect([ids('red'), ids('blue'), ids('')]).toEqual([['alice'], ['bob'], []]);
    expect([kept.size, kept.list().map(({ id }) => id), kept.has('bob')]).toEqual([2, ['alice', 'bob'], true]);
    expect(changed()).toEqual(['red', 'blue']);
    leave(laptop);
    expect([ids('red'), ids('blue'), kept.size]).toEqual([[], ['bob'], 1]);
    expect(changed()).toEqual(['red']);
  });

  test('[PRES-11] of which a user’s devices are in two show the user in both, and the user counts once', () => {
    const { kept, arrive, leave, ids, told, changed } = scoped();
    arrive(phone, 'red');
    arrive(tablet, 'blue');
    expect([ids('red'), ids('blue'), kept.size, kept.list().length]).toEqual([['bob'], ['bob'], 1, 1]);
    expect(kept.in('red').get('bob')?.socketId).toBe(`s of ${phone}`);
    leave(phone);
    expect([ids('red'), ids('blue')]).toEqual([[], ['bob']]);
    leave(tablet);
    expect(told).toEqual(['bob online', 'bob offline']);
    expect(changed()).toEqual(['red', 'blue', 'red', 'blue']);
  });

  test('[PRES-11] lose a device that comes back under another one', () => {
    const { arrive, ids, told, changed } = scoped();
    arrive(phone, 'red');
    arrive(phone, 'blue', { socketId: 'new' });
    expect([ids('red'), ids('blue')]).toEqual([[], ['bob']]);
    expect(changed()).toEqual(['red', 'red', 'blue']);
    expect(told).toEqual(['bob online']);
  });

  test('[PRES-11] [PRES-4] lose a lost device after its grace', async () => {
    const { clock, arrive, ids, changed } = scoped();
    arrive(phone, 'red');
    arrive(tablet, 'blue');
    arrive(phone, 'red', { lostAt: clock.now() });
    changed();
    await clock.advance(5_000);
    expect([ids('red'), ids('blue'), changed()]).toEqual([[], ['bob'], ['red']]);
  });

  test('[PRES-7] that nobody is in any more are forgotten once that is published: the next epoch is another', () => {
    const { kept, arrive, leave } = scoped();
    arrive(phone, 'red');
    const before = kept.in('red').point();
    kept.publish('red');
    leave(phone);
    expect(kept.publish('red')?.change).toEqual({ epoch: before.epoch, version: 2, joined: [], left: ['bob'] });
    expect(kept.publish('red')?.change).toBeUndefined();
    arrive(phone, 'red');
    expect(kept.in('red').point().epoch).not.toBe(before.epoch);
    expect(kept.in('red').changeSince(before)).toBeUndefined();
  });

  test('[PRES-7] that somebody comes to before that is published keep their epoch', () => {
    const { kept, arrive, leave } = scoped();
    arrive(phone, 'red');
    const before = kept.in('red').point();
    kept.publish('red');
    leave(phone);
    arrive(laptop, 'red');
    expect(kept.publish('red')?.change).toMatchObject({
      epoch: before.epoch,
      joined: [{ id: 'alice', username: 'alice' }],
      left: ['bob'],
    });
  });

  test('[PRES-12] are not made by whoever asks for them', () => {
    const { kept } = scoped();
    expect(kept.in('made up').point().epoch).not.toBe(kept.in('made up').point().epoch);
  });
});

describe('a device that was lost', () => {
  test('[PRES-4] keeps its user online for 5 s', async () => {
    const { kept, clock, arrive, lose, heard } = roster();
    arrive(phone);
    heard();
    lose(phone);
    await clock.advance(4_999);
    expect(heard()).toEqual([]);
    expect(kept.has('bob')).toBe(true);
    await clock.advance(1);
    expect(heard()).toEqual(OFFLINE);
    expect(kept.has('bob')).toBe(false);
  });

  test('[PRES-4] and returns in time changes nothing', async () => {
    const { clock, arrive, lose, heard } = roster();
    arrive(phone);
    heard();
    lose(phone);
    await clock.advance(4_999);
    arrive(phone, { socketId: 'new' });
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(heard()).toEqual([]);
  });

  test('[PRES-4] and returns too late brings its user online again', async () => {
    const { clock, arrive, lose, heard } = roster();
    arrive(phone);
    lose(phone);
    await clock.advance(6_000);
    heard();
    arrive(phone, { socketId: 'new' });
    expect(heard()).toEqual(ONLINE);
  });

  test('[PRES-1] changes nothing while another device is there', async () => {
    const { clock, arrive, lose, heard } = roster();
    arrive(phone);
    arrive(tablet);
    heard();
    lose(phone);
    await clock.advance(60_000);
    expect(heard()).toEqual([]);
  });

  test('[PRES-4] and is then removed takes its user offline once', async () => {
    const { clock, arrive, lose, leave, heard } = roster();
    arrive(phone);
    heard();
    lose(phone);
    await clock.advance(5_000);
    leave(phone);
    expect(heard()).toEqual(OFFLINE);
  });

  test('[PRES-4] takes its user offline also when a timer comes a millisecond early, as those of Node do', async () => {
    const clock = new FakeClock();
    let early = 0;
    const { arrive, lose, heard } = roster(clock, () => clock.now() - early);
    arrive(phone);
    heard();
    lose(phone);
    await clock.advance(4_999);
    early = 1;
    await clock.advance(2);
    early = 0;
    await clock.advance(10);
    expect(heard()).toEqual(OFFLINE);
  });

  test('[HOST-6] leaves no timer behind when the roster is closed', () => {
    const { kept, clock, arrive, lose } = roster();
    arrive(phone);
    lose(phone);
    expect(clock.pending).toBe(1);
    kept.close();
    expect(clock.pending).toBe(0);
  });
});

describe('a roster that is told all sessions anew', () => {
  test('[NODE-14] lists whoever has one, and nobody else', () => {
    const { kept, arrive, heard } = roster();
    arrive(laptop);
    arrive(phone);
    arrive(tablet);
    heard();
    kept.reset([session(tablet), session(laptop, { socketId: 'new' })]);
    expect(
      kept
        .list()
        .map(({ socketId }) => socketId)
        .toSorted(),
    ).toEqual(['new', `s of ${tablet}`]);
    expect(heard()).toEqual([]);
    kept.reset([session(laptop, { socketId: 'new' })]);
    expect(heard()).toEqual(OFFLINE);
  });
});
