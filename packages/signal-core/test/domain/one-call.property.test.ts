import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, devicesOf, isLive, type LiveCall, type RingingCall } from '../../src/domain/call.ts';
import type { CallCommand } from '../../src/domain/command.ts';
import { type DeviceKey, userOf } from '../../src/domain/ids.ts';
import { transition } from '../../src/domain/transition.ts';
import { RULES } from './cast.ts';
import { addressees } from './effect-line.ts';
import { scaled } from './scale.ts';
import { play, type Step, story } from './story.ts';

function property(title: string, check: (steps: Step[]) => void): void {
  test(title, () =>
    fc.assert(
      fc.property(story, (commands) => check(play(commands))),
      { numRuns: scaled(300) },
    ),
  );
}

describe('whatever is done to one call', () => {
  property('[CALL-21] an ended call stays as it is, and nobody hears of it again', (steps) => {
    for (const { before, after, effects } of steps) {
      if (isLive(before)) continue;
      expect(after).toBe(before);
      expect(effects).toEqual([]);
    }
  });

  property('[CALL-21] it rings, is answered, ends, and never goes back', (steps) => {
    const order = ['ringing', 'active', 'ended'];
    for (const { before, after } of steps) {
      expect(order.indexOf(after.status)).toBeGreaterThanOrEqual(order.indexOf(before.status));
    }
  });

  property('[CALL-4] at most one device answers, and stays the one', (steps) => {
    const answered = steps.flatMap(({ effects }) => effects.filter((effect) => effect.type === 'answered'));
    expect(answered.length).toBeLessThanOrEqual(1);
    for (const { after } of steps) {
      if (after.status === 'active') expect(after.callee.device).toBe(answered[0]?.call.callee.device);
      if (after.status === 'ended') expect(after.calleeDevice).toBe(answered[0]?.call.callee.device);
    }
  });

  property('[STORE-1] a change counts the version up by one', (steps) => {
    for (const { before, after } of steps) if (after !== before) expect(after.version).toBe(before.version + 1);
  });

  property('[LOSS-8] where nothing changes nobody hears of anything, but a device that is rung again', (steps) => {
    for (const { before, command, after, effects } of steps) {
      if (after !== before) continue;
      const isRungAgain = command.type === 'ring' && before.status === 'ringing' && rungFor(before, command.device);
      expect(effects).toEqual(isRungAgain ? [{ type: 'ring', device: command.device, call: before }] : []);
    }
  });

  property('[CALL-17] who is no party is refused, and other devices of the parties change nothing', (steps) => {
    for (const { before, command, after, refused } of steps) {
      if (!('device' in command)) continue;
      if (userOf(command.device) === 'carol') expect(refused).toBe(true);
      const isRungNow = command.type === 'ring' && before.status === 'ringing' && userOf(command.device) === 'bob';
      const takesPart = isLive(before) && devicesOf(before).includes(command.device);
      if (!takesPart && !isRungNow) expect(after).toBe(before);
    }
  });

  property('[CALL-20] only devices of the call hear of it', (steps) => {
    for (const { before, after, effects } of steps) {
      const devices = new Set([before, after].filter(isLive).flatMap(devicesOf));
      for (const effect of effects) for (const each of addressees(effect)) expect(devices).toContain(each);
    }
  });

  property('[CALL-6] every device that loses its part hears of the end once, but for the one that did it', (steps) => {
    for (const { before, command, after, effects } of steps) {
      const told = effects.filter((effect) => effect.type === 'ended' || effect.type === 'rejected');
      const heard = told.map((effect) => effect.device);
      const ender = 'device' in command ? command.device : undefined;
      const gone = partsLost(before, after).filter((each) => each !== ender);
      const mustHear = gone.filter((each) => !isGivenUp(before, each, command));
      expect(heard).toEqual(expect.arrayContaining(mustHear));
      expect(gone).toEqual(expect.arrayContaining(heard));
      expect(new Set(heard).size).toBe(heard.length);
    }
  });

  property('[CALL-21] the end is told with its one reason, and told the host once', (steps) => {
    const closed = steps.flatMap(({ effects }) => effects.filter((effect) => effect.type === 'closed'));
    const last = steps.at(-1)?.after;
    expect(closed.map((effect) => effect.call)).toEqual(last?.status === 'ended' ? [last] : []);
    for (const { after, effects } of steps) {
      if (after.status !== 'ended') continue;
      for (const effect of effects) {
        if (effect.type === 'ended') expect(effect.reason).toBe(reasonFor(effect.device, after));
        if (effect.type === 'rejected') expect(effect.reason).toBe(after.reason);
      }
    }
  });

  property('[STORE-4] a live call is due at its earliest deadline, and something happens then', (steps) => {
    for (const { after } of steps) {
      if (!isLive(after)) continue;
      expect(after.dueAt).toBe(earliestDeadline(after));
      const expired = transition(after, { type: 'expire', at: after.dueAt }, RULES);
      expect(expired.ok && expired.call).not.toBe(after);
      const early = transition(after, { type: 'expire', at: after.dueAt - 1 }, RULES);
      expect(early.ok && early.call).toBe(after);
    }
  });
});

function rungFor(call: RingingCall, device: DeviceKey): boolean {
  return call.rung.some((end) => end.device === device);
}

/** The devices that take part before, and no more after. */
function partsLost(before: Call, after: Call): DeviceKey[] {
  const still = isLive(after) ? devicesOf(after) : [];
  return isLive(before) ? devicesOf(before).filter((each) => !still.includes(each)) : [];
}

/** A rung device that stayed away too long: there is nobody to tell. */
function isGivenUp(call: Call, device: DeviceKey, command: CallCommand): boolean {
  if (call.status !== 'ringing' || command.type !== 'expire') return false;
  return call.rung.some(
    (end) => end.device === device && end.link.state === 'lost' && command.at >= end.link.since + 15_000,
  );
}

function reasonFor(each: DeviceKey, call: Call & { status: 'ended' }): string {
  const isRejected = call.reason === 'declined' || call.reason === 'busy';
  return isRejected && userOf(each) === 'bob' ? 'rejected_elsewhere' : call.reason;
}

/** SPEC.md, rules CALL-7 and LOSS-2, said once more. */
function earliestDeadline(call: LiveCall): number {
  const isRinging = call.status === 'ringing';
  const callerGraceMs = isRinging ? 5_000 : 15_000;
  const others = isRinging ? call.rung : [call.callee];
  return Math.min(
    isRinging ? call.startedAt + 60_000 : call.answeredAt + 43_200_000,
    ...[call.caller].map(({ link }) => (link.state === 'lost' ? link.since + callerGraceMs : Number.POSITIVE_INFINITY)),
    ...others.map(({ link }) => (link.state === 'lost' ? link.since + 15_000 : Number.POSITIVE_INFINITY)),
  );
}
