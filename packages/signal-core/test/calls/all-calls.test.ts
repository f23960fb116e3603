import { describe, expect, test } from 'vitest';
import { inEveryScope } from '../../src/calls/all-calls.ts';
import { applyCommand } from '../../src/calls/apply-command.ts';
import { expireCalls } from '../../src/calls/expire-calls.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import { SessionTracker } from '../../src/presence/track-sessions.ts';
import { ANSWER, alice, bob, laptop, phone, tablet } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';
import { type Stage, stage } from './stage.ts';

/** A connection of a device of Alice's or Bob's, under a scope. */
const coming = (user: typeof alice, deviceId: string, socketId: string, scope = '') => ({
  user,
  socketId,
  deviceId,
  legacy: false,
  userAgent: '',
  features: [],
  scope,
});

/** Alice's laptop talks with Bob's phone, in the scope `''`; his tablet is there. */
async function talking(options: Parameters<typeof stage>[0] = {}) {
  const world = stage(options);
  const tracker = new SessionTracker(world.all, () => {});
  const { session } = await tracker.arrive(coming(alice, 'laptop', 'first'));
  await world.online(phone, tablet);
  await placeCall(world.context, world.call());
  await applyCommand(world.context, 'c1', { type: 'accept', device: phone, answer: ANSWER, at: world.clock.now() });
  world.heard();
  return { ...world, tracker, session };
}

async function liveIn({ all }: Stage, scope: string): Promise<string[]> {
  return (await all.in(scope).stores.calls.live()).map(({ id }) => id);
}

describe('a device that comes back under another scope', () => {
  test('[PRES-11] leaves its calls', async () => {
    const world = await talking();
    await world.tracker.arrive(coming(alice, 'laptop', 'second', 'red'));
    expect(world.heard()).toEqual([expect.stringMatching(/^phone: ended, peer_disconnected by alice/), 'c1 over']);
    expect(await liveIn(world, '')).toEqual([]);
  });

  test('[PRES-11] leaves them also when it was lost', async () => {
    const world = await talking();
    await world.tracker.lose(world.session);
    world.heard();
    await world.tracker.arrive(coming(alice, 'laptop', 'second', 'red'));
    expect(world.heard()).toContain('c1 over');
    world.tracker.close();
  });

  test('[PRES-11] keeps them when it is the same, and those of others go on', async () => {
    const world = await talking();
    await world.tracker.arrive(coming(alice, 'laptop', 'second'));
    await world.tracker.arrive(coming(alice, 'watch', 'other', 'red'));
    expect(world.heard()).toEqual([]);
    expect(await liveIn(world, '')).toEqual(['c1']);
  });

  test('[PRES-11] does not come when its calls cannot be told, and may try again', async () => {
    let isDown = false;
    const world = await talking({
      calls: (store) =>
        overriding(store, { line: (userId) => (isDown ? Promise.reject(new Error('away')) : store.line(userId)) }),
    });
    isDown = true;
    await expect(world.tracker.arrive(coming(alice, 'laptop', 'second', 'red'))).rejects.toThrow('away');
    expect(await world.stores.presence.sessionsOf(alice.id)).toEqual([world.session]);
    isDown = false;
    await world.tracker.arrive(coming(alice, 'laptop', 'second', 'red'));
    expect(world.heard()).toContain('c1 over');
  });

  test('[PRES-11] while its call is being placed is not in it', async () => {
    const world = stage({
      calls: (store) =>
        overriding(store, {
          async commit(commit) {
            // its line was read before the call was on it
            if (commit.lines.length > 0) await tracker.arrive(coming(alice, 'laptop', 'second', 'red'));
            return store.commit(commit);
          },
        }),
    });
    const tracker = new SessionTracker(world.all, () => {});
    await tracker.arrive(coming(alice, 'laptop', 'first'));
    await world.online(phone);
    await placeCall(world.context, world.call());
    expect(await liveIn(world, '')).toEqual([]);
  });
});

describe('deadlines', () => {
  test('[STORE-4] [STORE-10] are carried out in every scope, and one that fails keeps none waiting', async () => {
    const world = stage({
      calls: (store) =>
        overriding(store, {
          claimDue: async (now, limit) => {
            if ((await store.get('broken')) !== undefined) throw new Error('away');
            return store.claimDue(now, limit);
          },
        }),
    });
    const scopes = Array.from({ length: 60 }, (_, n) => `scope ${n}`);
    for (const [n, scope] of scopes.entries()) {
      const [caller, callee] = [coming(alice, '', `a${n}`, scope), coming(bob, '', `b${n}`, scope)];
      const [from, to] = [`alice/laptop ${n}`, `bob/phone ${n}`] as const;
      await world.stores.presence.swap({ device: from, session: { ...caller, device: from } }, undefined);
      await world.stores.presence.swap({ device: to, session: { ...callee, device: to } }, undefined);
      const callId = n === 0 ? 'broken' : 'c';
      expect(await placeCall(world.all.in(scope), world.call({ callId, device: from, scope }))).toEqual({ ok: true });
    }
    expect(await inEveryScope(world.all.stores, async (scope) => scope)).toEqual(scopes);
    const stop = expireCalls(world.all);
    await world.clock.advance(60_250);
    stop();
    expect(world.heard().filter((line) => line.endsWith('over'))).toEqual(scopes.slice(1).map(() => 'c over'));
    expect(world.logged).toEqual([{ level: 'error', message: 'deadlines could not be carried out' }]);
  });
});

describe('what the calls of a scope are decided with', () => {
  test('[STORE-10] is kept, but not for every scope that ever was', () => {
    const { all } = stage();
    const first = all.in('first');
    expect(all.in('first')).toBe(first);
    for (let n = 0; n < 1_000; n += 1) all.in(`other ${n}`);
    expect(all.in('first')).not.toBe(first);
    expect(all.in('first')).toMatchObject({ scope: 'first' });
  });

  test('[STORE-10] is made anew without losing a call', async () => {
    const world = stage();
    await world.online(laptop, phone);
    await placeCall(world.all.in(''), world.call());
    for (let n = 0; n < 1_000; n += 1) world.all.in(`other ${n}`);
    expect(await liveIn(world, '')).toEqual(['c1']);
    expect(await applyCommand(world.all.in(''), 'c1', { type: 'end', device: laptop, at: 0 })).toEqual({ ok: true });
    expect(await liveIn(world, '')).toEqual([]);
  });
});
