import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, devicesOf, endsOf, isLive, type LiveCall } from '../../src/domain/call.ts';
import { catchUp } from '../../src/domain/catch-up.ts';
import type { CallCommand } from '../../src/domain/command.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { DeviceKey } from '../../src/domain/ids.ts';
import { ringing } from './cast.ts';
import { addressees } from './effect-line.ts';
import { scaled } from './scale.ts';
import { play, type Step, story } from './story.ts';

/** What a device hears of effects; who is gone for good hears nothing. */
function heardBy(device: DeviceKey, effects: Effect[]): object[] {
  return effects
    .filter((effect) => addressees(effect).includes(device))
    .map((effect) => ('call' in effect ? { type: effect.type, id: effect.call.id } : effect));
}

/** What a device believes of the call, and of its peer, after what it heard. */
function belief(effects: object[]): string {
  const last = (types: string[]) => (effects as Effect[]).findLast(({ type }) => types.includes(type));
  const end = last(['ended', 'rejected']);
  if (end !== undefined && 'reason' in end) return `over: ${end.reason}`;
  const link = last(['peer_link']);
  const isGone = link !== undefined && 'status' in link && link.status === 'peer_reconnecting';
  return `${last(['answered']) === undefined ? '' : 'answered '}${isGone ? 'without its peer' : ''}`;
}

/** The devices that may still be told: not the one whose command it was, nor any that was given up. */
function listeners({ before, command, after, effects }: Step): DeviceKey[] {
  if (!isLive(before)) return [];
  const unrung = effects.flatMap((effect) => (effect.type === 'unrung' ? effect.device : []));
  const doer = 'device' in command ? command.device : undefined;
  const devices = new Set([...devicesOf(before), ...(isLive(after) ? devicesOf(after) : [])]);
  return [...devices].filter((device) => device !== doer && !unrung.includes(device));
}

function property(title: string, check: (steps: Step[], skip: number) => void): void {
  test(title, () =>
    fc.assert(
      fc.property(story, fc.integer({ min: 1, max: 6 }), (commands, skip) => check(play(commands), skip)),
      { numRuns: scaled(500) },
    ),
  );
}

/** Whoever answers, refuses or hangs up knows what became of it. */
function isDeed(command: CallCommand): command is Extract<CallCommand, { type: (typeof DEEDS)[number] }> {
  return DEEDS.some((deed) => deed === command.type);
}

const DEEDS = ['accept', 'reject', 'end', 'replace', 'leave'] as const;
const links = (call: Call) => (isLive(call) ? endsOf(call).map(({ link }) => link) : []);
/** A loss that changes no link: lost twice in one millisecond, be it at two nodes, is lost once. */
const isSame = ({ before, command, after }: Step) =>
  before === after || (command.type === 'lose' && isDeepStrictEqual(links(before), links(after)));
const live = (call: Call): LiveCall | undefined => (isLive(call) ? call : undefined);

describe('what a node tells its devices of a call that another one changed', () => {
  property('[NODE-2] is what they would have been told by the one that changed it', (steps) => {
    for (const step of steps) {
      if (isSame(step)) continue;
      const caughtUp = catchUp(live(step.before), step.after);
      for (const device of listeners(step)) {
        expect(heardBy(device, caughtUp)).toEqual(heardBy(device, step.effects));
      }
    }
  });

  property('[NODE-2] leads to the same belief however many versions are skipped', (steps, skip) => {
    const changes = steps.filter((step) => !isSame(step));
    for (let start = 0; start + skip < changes.length; start += 1) {
      const [first, last] = [changes[start], changes[start + skip]];
      if (first === undefined || last === undefined || !isLive(first.before)) continue;
      const between = changes.slice(start, start + skip + 1);
      const told = between.flatMap(({ effects }) => effects);
      const doers = between.flatMap(({ command }) => (isDeed(command) ? command.device : []));
      const left = told.flatMap((effect) => (effect.type === 'unrung' ? effect.device : []));
      for (const device of devicesOf(first.before)) {
        if (doers.includes(device) || left.includes(device)) continue;
        const skipped = heardBy(device, catchUp(first.before, last.after));
        const stepped = heardBy(device, told);
        expect(belief(skipped)).toBe(belief(stepped));
      }
    }
  });

  property('[NODE-2] leads to the same belief whoever knows nothing yet', (steps) => {
    const placed = catchUp(undefined, ringing());
    const told = [...placed];
    const gone: DeviceKey[] = [];
    for (const { command, after, effects } of steps) {
      told.push(...effects);
      if (isDeed(command)) gone.push(command.device);
      gone.push(...effects.flatMap((effect) => (effect.type === 'unrung' ? effect.device : [])));
      if (after.status !== 'ringing') continue;
      for (const device of devicesOf(ringing()).filter((each) => !gone.includes(each))) {
        expect(belief(heardBy(device, catchUp(undefined, after)))).toBe(belief(heardBy(device, told)));
      }
    }
  });

  property('[NODE-2] changes nothing a second time', (steps) => {
    for (const { after } of steps) if (isLive(after)) expect(catchUp(after, after)).toEqual([]);
  });
});
