import { describe, expect, test } from 'vitest';
import { deviceIdOf, deviceKey, userOf } from '../../src/domain/ids.ts';
import { type Arrival, isOnline, type Session, sessionToTakeOver } from '../../src/domain/session.ts';
import { alice, NOW } from './cast.ts';

function session(deviceId: string, change: Partial<Session> = {}): Session {
  const device = deviceKey(alice.id, deviceId);
  return {
    device,
    user: alice,
    socketId: `socket of ${deviceId}`,
    legacy: true,
    userAgent: 'Firefox',
    features: [],
    scope: '',
    ...change,
  };
}

const LOST = { lostAt: NOW };

/** A legacy device that has no id of its own, in Firefox. */
const LEGACY: Arrival = {
  user: alice,
  socketId: 'new',
  deviceId: 'made-up',
  legacy: true,
  userAgent: 'Firefox',
  features: [],
  scope: '',
};
/** A device that says who it is. */
const NAMED: Arrival = { ...LEGACY, deviceId: 'laptop', legacy: false };

describe('an arriving connection takes over', () => {
  const cases: [title: string, arrival: Arrival, sessions: Session[], takenOver: string | undefined][] = [
    ['[JOIN-7] nothing, when the user has no session', LEGACY, [], undefined],
    ['[JOIN-7] the session of its own device', NAMED, [session('phone', LOST), session('laptop')], 'laptop'],
    ['[LOSS-3] the session of its own device that was lost', NAMED, [session('laptop', LOST)], 'laptop'],
    [
      '[JOIN-7] the session of its own device, also as a legacy device',
      { ...NAMED, legacy: true },
      [session('laptop'), session('phone', LOST)],
      'laptop',
    ],
    ['[LOSS-3] the only lost legacy session of its user agent', LEGACY, [session('a'), session('b', LOST)], 'b'],
    [
      '[LOSS-3] nothing, when two such sessions are lost: it could be either',
      LEGACY,
      [session('a', LOST), session('b', LOST)],
      undefined,
    ],
    [
      '[LOSS-3] the one of its user agent, when another is lost, too',
      LEGACY,
      [session('a', { ...LOST, userAgent: 'Safari' }), session('b', LOST)],
      'b',
    ],
    ['[LOSS-3] nothing of another user agent', LEGACY, [session('a', { ...LOST, userAgent: 'Safari' })], undefined],
    ['[LOSS-3] nothing that is still connected', LEGACY, [session('a')], undefined],
    [
      '[LOSS-3] nothing of a device that knows its own id',
      LEGACY,
      [session('a', { ...LOST, legacy: false })],
      undefined,
    ],
    ['[LOSS-3] nothing of a legacy device, when it knows its own id', NAMED, [session('a', LOST)], undefined],
  ];

  test.each(cases)('%s', (_, arrival, sessions, takenOver) => {
    expect(sessionToTakeOver(arrival, sessions)?.device).toBe(takenOver && deviceKey(alice.id, takenOver));
  });
});

describe('a session', () => {
  test.each([
    ['that is connected', session('a'), NOW, true],
    ['that was lost just now', session('a', LOST), NOW, true],
    ['until the last moment of the grace', session('a', LOST), NOW + 4_999, true],
    ['no more when the grace is over', session('a', LOST), NOW + 5_000, false],
  ])('[PRES-4] counts as online %s', (_, each, at, online) => expect(isOnline(each, at, 5_000)).toBe(online));
});

test.each(['alice', 'auth0|alice', 'urn:a/b/c', 'a/'])(
  '[JOIN-7] a device key gives back its user, %s, and its device',
  (user) => {
    const key = deviceKey(user, 'my~laptop.1');
    expect([userOf(key), deviceIdOf(key)]).toEqual([user, 'my~laptop.1']);
  },
);
