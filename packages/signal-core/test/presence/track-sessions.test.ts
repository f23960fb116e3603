import { describe, expect, test } from 'vitest';
import { applyCommand } from '../../src/calls/apply-command.ts';
import { returnToCalls } from '../../src/calls/device-calls.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import type { DeviceKey } from '../../src/domain/ids.ts';
import type { Arrival, Session } from '../../src/domain/session.ts';
import { LIMIT_PROFILES } from '../../src/limits.ts';
import { SessionTracker } from '../../src/presence/track-sessions.ts';
import { stage } from '../calls/stage.ts';
import { ANSWER, alice, bob, laptop, phone } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';

/** A legacy device of Bob's, unless told otherwise. */
function arrival(socketId: string, change: Partial<Arrival> = {}): Arrival {
  return {
    user: bob,
    socketId,
    deviceId: `made up for ${socketId}`,
    legacy: true,
    userAgent: 'Firefox',
    features: [],
    scope: '',
    ...change,
  };
}

/** Bob's phone, which knows its own id. */
const phoneOn = (socketId: string) => arrival(socketId, { deviceId: 'phone', legacy: false });

function tracking(options: Parameters<typeof stage>[0] = {}) {
  const set = stage(options);
  const givenUp: DeviceKey[] = [];
  const tracker = new SessionTracker(set.all, ({ device }) => givenUp.push(device));
  const sessions = async () => (await set.stores.presence.sessionsOf(bob.id)).map(({ socketId }) => socketId).sort();
  const arrive = async (coming: Arrival): Promise<Session> => (await tracker.arrive(coming)).session;
  /** Alice's laptop talks with Bob's phone, which came with that session. */
  const talk = async () => {
    await set.online(laptop);
    const session = await arrive(phoneOn('s1'));
    await placeCall(set.context, set.call());
    await applyCommand(set.context, 'c1', { type: 'accept', device: phone, answer: ANSWER, at: set.clock.now() });
    set.heard();
    return session;
  };
  return { ...set, tracker, givenUp, sessions, arrive, talk };
}

describe('an arriving connection', () => {
  test('[JOIN-7] speaks for a new device, and its user is remembered', async () => {
    const { tracker, stores, clock } = tracking();
    expect(await tracker.arrive(phoneOn('s1'))).toEqual({
      session: {
        device: phone,
        user: bob,
        socketId: 's1',
        legacy: false,
        userAgent: 'Firefox',
        features: [],
        scope: '',
      },
      before: undefined,
    });
    expect(await stores.users.get(bob.id)).toEqual({ ...bob, lastSeen: clock.now() });
  });

  test('[JOIN-7] takes the device over from the connection that had it', async () => {
    const { tracker, arrive, sessions } = tracking();
    const first = await arrive(phoneOn('s1'));
    expect(await tracker.arrive(phoneOn('s2'))).toMatchObject({ session: { socketId: 's2' }, before: first });
    expect(await sessions()).toEqual(['s2']);
  });

  test('[LOSS-3] of a legacy device takes its lost session over, and is no more lost', async () => {
    const { tracker, arrive, stores } = tracking();
    const first = await arrive(arrival('s1'));
    await tracker.lose(first);
    const { session, before } = await tracker.arrive(arrival('s2'));
    expect(session.device).toBe(first.device);
    expect(before).toMatchObject({ socketId: 's1', lostAt: expect.any(Number) });
    expect(await stores.presence.sessionsOf(bob.id)).toEqual([session]);
    expect(session).not.toHaveProperty('lostAt');
  });

  test('[LOSS-3] and another one that race for one lost session become two devices', async () => {
    const { tracker, arrive, sessions } = tracking();
    const lost = await arrive(arrival('s1'));
    await tracker.lose(lost);
    const racers = await Promise.all([tracker.arrive(arrival('s2')), tracker.arrive(arrival('s3'))]);
    expect(racers.map(({ before }) => before?.socketId)).toEqual(['s1', undefined]);
    expect(new Set(racers.map(({ session }) => session.device)).size).toBe(2);
    expect(await sessions()).toEqual(['s2', 's3']);
  });

  test('[JOIN-7] and another one that race for one device: the later one wins, and knows whom it replaced', async () => {
    const { tracker, sessions } = tracking();
    const racers = await Promise.all([tracker.arrive(phoneOn('s1')), tracker.arrive(phoneOn('s2'))]);
    expect(racers.map(({ before }) => before?.socketId)).toEqual([undefined, 's1']);
    expect(await sessions()).toEqual(['s2']);
  });

  test('[JOIN-7] that loses every race is told to try again', async () => {
    const { context, tracker } = tracking();
    context.stores.presence.swap = async () => false;
    await expect(tracker.arrive(phoneOn('s1'))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the late end of a connection that was replaced', () => {
  test.each(['lose', 'leave'] as const)('[LOSS-7] changes nothing: %s', async (how) => {
    const { tracker, talk, arrive, sessions, givenUp, heard, clock, stores } = tracking();
    const old = await talk();
    await arrive(phoneOn('s2'));
    await tracker[how](old);
    await clock.advance(60_000);
    expect(await sessions()).toEqual(['s2']);
    expect(givenUp).toEqual([]);
    expect(heard()).toEqual([]);
    expect(await stores.calls.get('c1')).toMatchObject({ status: 'active', callee: { link: { state: 'up' } } });
  });
});

describe('a device that is lost', () => {
  test('[LOSS-2] keeps its session, and its call hears of it', async () => {
    const { tracker, talk, sessions, givenUp, heard, clock } = tracking();
    await tracker.lose(await talk());
    expect(heard()).toEqual(['laptop: peer_reconnecting']);
    await clock.advance(14_999);
    expect(await sessions()).toEqual(['s1']);
    expect(givenUp).toEqual([]);
  });

  test('[LOSS-5] is given up after 15 s', async () => {
    const { tracker, talk, sessions, givenUp, clock, stores } = tracking();
    await tracker.lose(await talk());
    await clock.advance(15_000);
    expect(await sessions()).toEqual([]);
    expect(givenUp).toEqual([phone]);
    expect(await stores.users.get(bob.id)).toMatchObject({ lastSeen: clock.now() });
  });

  test('[PRES-4] is given up only when it is not shown as online any more', async () => {
    const { tracker, arrive, givenUp, clock } = tracking({ rules: { graceMs: 1_000 } });
    await tracker.lose(await arrive(phoneOn('s1')));
    await clock.advance(4_999);
    expect(givenUp).toEqual([]);
    await clock.advance(1);
    expect(givenUp).toEqual([phone]);
  });

  test('[LOSS-3] and returns is not given up', async () => {
    const { tracker, arrive, sessions, givenUp, clock } = tracking();
    await tracker.lose(await arrive(phoneOn('s1')));
    await clock.advance(14_999);
    await arrive(phoneOn('s2'));
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(await sessions()).toEqual(['s2']);
    expect(givenUp).toEqual([]);
  });

  test('[LOSS-3] and returns while its calls are only just being told of the loss keeps them', async () => {
    let isSlow = false;
    const { tracker, talk, arrive, context, stores } = tracking({
      calls: (store) =>
        overriding(store, {
          async line(userId) {
            const line = store.line(userId);
            if (isSlow) await new Promise((resolve) => setImmediate(resolve));
            return line;
          },
        }),
    });
    const session = await talk();
    isSlow = true;
    const told = tracker.lose(session);
    await arrive(phoneOn('s2'));
    isSlow = false;
    await returnToCalls(context, { device: phone, legacy: false });
    await told;
    expect(await stores.calls.get('c1')).toMatchObject({ status: 'active', callee: { link: { state: 'up' } } });
  });

  test('[LOSS-2] has the whole grace again when it is lost again', async () => {
    const { tracker, arrive, givenUp, clock } = tracking();
    await tracker.lose(await arrive(phoneOn('s1')));
    await clock.advance(10_000);
    await tracker.lose(await arrive(phoneOn('s2')));
    await clock.advance(14_999);
    expect(givenUp).toEqual([]);
    await clock.advance(1);
    expect(givenUp).toEqual([phone]);
  });

  test('[HOST-6] leaves no timer behind when everything is closed', async () => {
    const { tracker, arrive, clock } = tracking();
    await tracker.lose(await arrive(phoneOn('s1')));
    tracker.close();
    expect(clock.pending).toBe(0);
  });

  test('[STORE-4] that cannot be given up is logged, and harms nobody', async () => {
    const { tracker, arrive, clock, context, logged } = tracking();
    await tracker.lose(await arrive(phoneOn('s1')));
    context.stores.presence.swap = () => Promise.reject(new Error('store is down'));
    await clock.advance(15_000);
    expect(logged).toEqual([{ level: 'error', message: 'a lost session could not be removed, and will be' }]);
  });
});

describe('a device that leaves', () => {
  test('[LOSS-1] is gone at once, and so are its calls', async () => {
    const { tracker, talk, sessions, givenUp, heard } = tracking();
    await tracker.leave(await talk());
    expect(await sessions()).toEqual([]);
    expect(givenUp).toEqual([phone]);
    expect(heard()).toEqual(['laptop: ended, peer_disconnected by bob after 0 ms', 'c1 over']);
  });

  test('[LOSS-1] while it is lost leaves no deadline behind', async () => {
    const { tracker, arrive, clock, givenUp } = tracking();
    const session = await arrive(phoneOn('s1'));
    await tracker.lose(session);
    await tracker.leave(session);
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(givenUp).toEqual([phone]);
  });

  test('[PRES-1] leaves the other devices of its user, and other users, where they are', async () => {
    const { tracker, arrive, sessions, stores } = tracking();
    await arrive(arrival('s2'));
    await arrive(arrival('s3', { user: alice }));
    await tracker.leave(await arrive(phoneOn('s1')));
    expect(await sessions()).toEqual(['s2']);
    expect(await stores.presence.sessionsOf(alice.id)).toHaveLength(1);
  });
});

/** What a departure asks the stores for; `swapped` is the answer to `swap`. */
const MOMENTS = ['swap', 'swapped', 'remember', 'line', 'commit'] as const;

describe.each(MOMENTS)('a departure that the stores fail at %s', (moment) => {
  /** Alice's laptop talks with Bob's phone, and the stores fail from then on, until they are mended. */
  async function failing() {
    let isFailing = false;
    const fail = async (at: (typeof MOMENTS)[number]) => {
      if (isFailing && at === moment) throw new Error('away');
    };
    const set = tracking({
      calls: (store) =>
        overriding(store, {
          line: (userId) => fail('line').then(() => store.line(userId)),
          commit: (commit) => fail('commit').then(() => store.commit(commit)),
        }),
    });
    const { presence, users } = set.stores;
    const [swap, remember] = [presence.swap.bind(presence), users.remember.bind(users)];
    presence.swap = async (change, expected) => {
      await fail('swap');
      const isSwapped = await swap(change, expected);
      await fail('swapped');
      return isSwapped;
    };
    users.remember = (user, at) => fail('remember').then(() => remember(user, at));
    const session = await set.talk();
    const isActive = async () => (await set.context.stores.calls.get('c1'))?.status === 'active';
    const setFailing = (now: boolean) => {
      isFailing = now;
    };
    return { ...set, session, isActive, setFailing };
  }

  test('[LOSS-1] is gone on with when they are back', async () => {
    const { tracker, session, sessions, givenUp, isActive, setFailing, heard } = await failing();
    setFailing(true);
    await expect(tracker.leave(session)).rejects.toThrow('away');
    expect(await isActive()).toBe(true);
    await tracker.finishLeaving();
    setFailing(false);
    await tracker.finishLeaving();
    expect(await sessions()).toEqual([]);
    expect(givenUp).toContain(phone);
    expect(heard()).toEqual(['laptop: ended, peer_disconnected by bob after 0 ms', 'c1 over']);
    await tracker.finishLeaving();
    expect(heard()).toEqual([]);
  });

  test('[LOSS-5] of a device that did not return, too', async () => {
    const { tracker, session, sessions, givenUp, setFailing, clock } = await failing();
    await tracker.lose(session);
    setFailing(true);
    await clock.advance(15_000);
    setFailing(false);
    await tracker.finishLeaving();
    expect(await sessions()).toEqual([]);
    expect(givenUp).toContain(phone);
  });

  test('[LOSS-1] is over before the device comes back', async () => {
    const { tracker, arrive, session, sessions, isActive, setFailing } = await failing();
    setFailing(true);
    await tracker.leave(session).catch(() => {});
    setFailing(false);
    await arrive(phoneOn('s2'));
    expect([await isActive(), await sessions()]).toEqual([false, ['s2']]);
    await tracker.finishLeaving();
    expect(await sessions()).toEqual(['s2']);
  });
});

describe('of the connections of one user', () => {
  const limits = LIMIT_PROFILES.standard;
  const tablet = (n: number) => arrival(`s${n}`, { deviceId: `tablet ${n}`, legacy: false });
  const rateLimited = { code: 'rate_limited', retryAfterMs: 5_000 };

  test('[LIMIT-8] 10 speak for the user, the next is refused and leaves nothing behind', async () => {
    const { tracker, arrive, sessions, givenUp } = tracking({ limits });
    for (let n = 0; n < 10; n += 1) await arrive(tablet(n));
    const before = await sessions();
    await expect(tracker.arrive(tablet(10))).rejects.toMatchObject(rateLimited);
    expect([await sessions(), givenUp]).toEqual([before, []]);
  });

  test('[LIMIT-8] of 30 that come at once 10 get in', async () => {
    const { tracker, sessions } = tracking({ limits });
    const results = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => tracker.arrive(tablet(n))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject(rateLimited);
    expect(await sessions()).toHaveLength(10);
  });

  test('[LIMIT-8] one that takes over its own device takes its place', async () => {
    const { arrive, sessions } = tracking({ limits });
    for (let n = 0; n < 10; n += 1) await arrive(tablet(n));
    await arrive({ ...tablet(3), socketId: 'again' });
    expect(await sessions()).toHaveLength(10);
  });

  test('[LIMIT-8] a lost one holds no place, and one that returns has its own unless it was taken', async () => {
    const { tracker, arrive } = tracking({ limits });
    const all: Session[] = [];
    for (let n = 0; n < 10; n += 1) all.push(await arrive(tablet(n)));
    const [first, second] = all as [Session, Session];
    await tracker.lose(first);
    await arrive({ ...tablet(0), socketId: 'back' });
    await tracker.lose(second);
    const other = await arrive(tablet(10));
    await expect(tracker.arrive({ ...tablet(1), socketId: 'late' })).rejects.toMatchObject(rateLimited);
    await tracker.leave(other);
    await arrive({ ...tablet(1), socketId: 'later' });
  });

  test('[LIMIT-8] one that returns too late by a moment stays lost, and may try again', async () => {
    const { tracker, arrive, stores } = tracking({ limits: { connectionsPerUser: 1 } });
    await tracker.lose(await arrive(tablet(0)));
    const results = await Promise.allSettled([
      tracker.arrive(tablet(1)),
      tracker.arrive({ ...tablet(0), socketId: 's2' }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await stores.presence.sessionsOf(bob.id)).toContainEqual(
      expect.objectContaining({ socketId: 's2', lostAt: expect.any(Number) }),
    );
  });

  test.each([
    ['relaxed', 1_000],
    ['off', 1_200],
  ] as const)('[LIMIT-8] %s lets %i in', async (profile, count) => {
    const { tracker, arrive } = tracking({ limits: LIMIT_PROFILES[profile] });
    for (let n = 0; n < count; n += 1) await arrive(tablet(n));
    if (profile === 'relaxed') await expect(tracker.arrive(tablet(count))).rejects.toMatchObject(rateLimited);
  });
});
