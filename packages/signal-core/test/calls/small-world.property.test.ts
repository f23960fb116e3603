import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, devicesOf, type EndedCall, isInCall, isLive, type LiveCall } from '../../src/domain/call.ts';
import type { CallId, DeviceKey } from '../../src/domain/ids.ts';
import { addressees } from '../domain/effect-line.ts';
import { scaled } from '../domain/scale.ts';
import { type Chronicle, DEVICES, type Deed, play, type Scene } from './small-world.ts';

/** Thousands of stories take longer than other tests. */
const FULL_SCALE_MS = 300_000;

const device = fc.constantFrom(...DEVICES);
const call = fc.nat({ max: 9 });

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      device,
      to: fc.constantFrom('alice', 'bob', 'carol'),
      again: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('accept' as const), device, call }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('reject' as const, 'end' as const), device, call }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lose' as const), device }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('arrive' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), device }) },
);

const scene: fc.Arbitrary<Scene> = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 4 }),
  waitMs: fc.constantFrom(0, 0, 0, 500, 2_000, 5_000, 7_000),
});
const scenes = fc.array(scene, { minLength: 1, maxLength: 12 });
const delays = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 7 });

/** Every version of each call, in the order of commits. */
function histories({ commits }: Chronicle): Map<CallId, Call[]> {
  const versions = new Map<CallId, Call[]>();
  for (const committed of commits) versions.set(committed.id, [...(versions.get(committed.id) ?? []), committed]);
  return versions;
}

/** After each commit: all calls that live then. */
function* moments({ commits }: Chronicle): Generator<{ committed: Call; live: LiveCall[] }> {
  const live = new Map<CallId, LiveCall>();
  for (const committed of commits) {
    if (isLive(committed)) live.set(committed.id, committed);
    else live.delete(committed.id);
    yield { committed, live: [...live.values()] };
  }
}

/** How often a device was told that a call is over for it. */
function timesTold({ effects }: Chronicle, callId: CallId, each: DeviceKey): number {
  return effects.filter(
    (effect) =>
      (effect.type === 'ended' || effect.type === 'rejected') && effect.callId === callId && effect.device === each,
  ).length;
}

function oneByOne({ deeds, waitMs }: Scene): Scene[] {
  return [...deeds.map((each) => ({ deeds: [each], waitMs: 0 })), { deeds: [], waitMs }];
}

const lastOf = (versions: Call[]) => versions.at(-1);
const callIdOf = (effect: Chronicle['effects'][number]) => ('callId' in effect ? effect.callId : effect.call.id);

describe.each([1, 2])('three users with two devices each and %i calls a user', (max) => {
  function property(title: string, check: (chronicle: Chronicle) => void): void {
    const judge = async (story: Scene[], turns: number[]) => check(await play(story, { max, delays: turns }));
    const run = () => fc.assert(fc.asyncProperty(scenes, delays, judge), { numRuns: scaled(300) });
    test(title, run, FULL_SCALE_MS);
  }

  test(
    '[LOSS-1] [LOSS-2] when one thing happens after the other no call takes a device for there that is not',
    async () => {
      const judge = async (story: Scene[], turns: number[]) => {
        const { mistakenForThere } = await play(story.flatMap(oneByOne), { max, delays: turns });
        expect(mistakenForThere).toEqual([]);
      };
      await fc.assert(fc.asyncProperty(scenes, delays, judge), { numRuns: scaled(300) });
    },
    FULL_SCALE_MS,
  );

  property('[CALL-21] every call comes to one end, and stays ended', (chronicle) => {
    for (const versions of histories(chronicle).values()) {
      expect(versions.findIndex((version) => version.status === 'ended')).toBe(versions.length - 1);
    }
    const closed = chronicle.effects.flatMap((effect) => (effect.type === 'closed' ? [effect.call.id] : []));
    expect(closed.sort()).toEqual([...histories(chronicle).keys()].sort());
    expect(chronicle.left).toBe(0);
    expect(chronicle.errors).toEqual([]);
  });

  property('[STORE-3] every commit is made on the version before it', (chronicle) => {
    for (const versions of histories(chronicle).values()) {
      expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
    }
  });

  property('[CALL-4] at most one device answers', (chronicle) => {
    for (const [id, versions] of histories(chronicle)) {
      const answered = chronicle.effects.filter((effect) => effect.type === 'answered' && effect.call.id === id);
      const answering = new Set(versions.flatMap((each) => (each.status === 'active' ? [each.callee.device] : [])));
      expect([answered.length, answering.size]).toEqual(answering.size === 0 ? [0, 0] : [1, 1]);
    }
  });

  property('[CALL-9] nobody has more calls than allowed', (chronicle) => {
    for (const { live } of moments(chronicle)) {
      for (const user of ['alice', 'bob', 'carol']) {
        const own = live.filter(({ from, to }) => from.id === user || to.id === user);
        expect(own.length).toBeLessThanOrEqual(max);
      }
    }
  });

  property('[CALL-10] a device in a call is never rung', (chronicle) => {
    const rungBefore = new Map<CallId, DeviceKey[]>();
    for (const { committed, live } of moments(chronicle)) {
      if (committed.status !== 'ringing') continue;
      const rung = committed.rung.map((end) => end.device);
      const rungNow = rung.filter((each) => !rungBefore.get(committed.id)?.includes(each));
      rungBefore.set(committed.id, rung);
      for (const each of rungNow) expect(live.filter((other) => isInCall(other, each))).toEqual([]);
    }
  });

  property('[LOSS-3] no call takes a device that is there for lost', ({ mistakenForLost }) => {
    expect(mistakenForLost).toEqual([]);
  });

  property('[CALL-18] every call that is placed has one outcome, and rings once', ({ places, effects, commits }) => {
    for (const { callId, device: caller, outcome } of places) {
      const placed = effects.filter((effect) => effect.type === 'placed' && effect.call.id === callId);
      const first = commits.find((committed) => committed.id === callId);
      expect(placed.length).toBe(first === undefined ? 0 : 1);
      if (outcome.ok) expect(first).toMatchObject({ version: 1, status: 'ringing', caller: { device: caller } });
      else expect(['busy', 'glare', 'user_offline', 'forbidden']).toContain(outcome.code);
    }
  });

  property('[CALL-20] only devices of a call hear of it', (chronicle) => {
    const versions = histories(chronicle);
    for (const effect of chronicle.effects) {
      const devices = versions.get(callIdOf(effect))?.filter(isLive).flatMap(devicesOf);
      expect(devices).toEqual(expect.arrayContaining(addressees(effect)));
    }
  });

  property('[CALL-6] every device of a call hears once of its end, but for the one that ended it', (chronicle) => {
    for (const [id, versions] of histories(chronicle)) {
      const final = lastOf(versions) as EndedCall;
      const last = versions.filter(isLive).at(-1);
      for (const each of last === undefined ? [] : devicesOf(last)) {
        if (each === final.endedBy) expect(timesTold(chronicle, id, each)).toBe(0);
        else if (!isLastToGo(last, each, final)) expect(timesTold(chronicle, id, each)).toBe(1);
      }
      for (const each of DEVICES) expect(timesTold(chronicle, id, each)).toBeLessThanOrEqual(1);
    }
  });

  property('[CALL-4] every device that rang to the answer of another one hears of that', (chronicle) => {
    for (const [id, versions] of histories(chronicle)) {
      const answer = versions.findIndex((version) => version.status === 'active');
      const [before, after] = [versions[answer - 1], versions[answer]];
      if (before?.status !== 'ringing' || after?.status !== 'active') continue;
      const losers = before.rung.map((end) => end.device).filter((each) => each !== after.callee.device);
      const told = chronicle.effects.filter(
        (effect) => effect.type === 'ended' && effect.callId === id && effect.reason === 'answered_elsewhere',
      );
      expect(told.map((effect) => 'device' in effect && effect.device).sort()).toEqual(losers.sort());
    }
  });

  property('[CALL-21] both parties hear the same: what is stored', (chronicle) => {
    const versions = histories(chronicle);
    for (const effect of chronicle.effects) {
      const final = lastOf(versions.get(callIdOf(effect)) ?? []) as EndedCall;
      if (effect.type === 'closed') expect(effect.call).toEqual(final);
      if (effect.type === 'answered') expect(versions.get(final.id)).toContainEqual(effect.call);
      if (effect.type === 'rejected')
        expect(effect).toMatchObject({ device: final.callerDevice, reason: final.reason });
      if (effect.type === 'ended' && !effect.reason.endsWith('elsewhere')) expect(effect.reason).toBe(final.reason);
      if (effect.type === 'ended' && effect.reason === 'rejected_elsewhere') expect(final.reason).toBe('declined');
      if (effect.type === 'ended' && effect.reason === 'answered_elsewhere')
        expect(final.calleeDevice).not.toBe(effect.device);
    }
  });
});

/** The ringing ended because this device, the last one that was rung, left or was given up. */
function isLastToGo(last: LiveCall | undefined, each: DeviceKey, final: EndedCall): boolean {
  return (
    last?.status === 'ringing' &&
    each !== last.caller.device &&
    final.reason === 'peer_disconnected' &&
    final.endedBy === undefined
  );
}
