import { describe, expect, test } from 'vitest';
import type { ActiveCall, RingingCall } from '../../src/domain/call.ts';
import { endCall } from '../../src/domain/end-call.ts';
import { transition } from '../../src/domain/transition.ts';
import { KnownCalls } from '../../src/nodes/known-calls.ts';
import { nodesOf, nodesToTell } from '../../src/nodes/spread.ts';
import { ANSWER, active, laptop, lost, NOW, phone, RULES, ringing, tablet, up } from '../domain/cast.ts';
import { effectLine } from '../domain/effect-line.ts';

const at = (end: RingingCall['caller'], node: string) => ({ ...end, node });

/** Alice is at node `a`, Bob's phone at `b`, his tablet at `c`. */
const rings = ringing({ caller: at(up(laptop), 'a'), rung: [at(up(phone), 'b'), at(up(tablet), 'c')] });
const talks: ActiveCall = active({ caller: at(up(laptop), 'a'), callee: at(up(phone), 'b'), answer: ANSWER });
const parted: ActiveCall = { ...talks, version: 3, callee: at(lost(phone), 'b') };
const { call: over } = endCall({ ...parted }, { reason: 'hangup', by: laptop, at: NOW });

function knowing(self: string) {
  const time = { now: NOW };
  const known = new KnownCalls({ self: () => self, now: () => time.now });
  const lines = (effects: ReturnType<KnownCalls['learn']>) => effects.map(effectLine);
  return { known, lines, time };
}

describe('what a node hears of a call', () => {
  test('[NODE-2] an older or equal version changes nothing', () => {
    const { known, lines } = knowing('b');
    expect(lines(known.learn('', talks))).toEqual(['c1 opened']);
    for (const stale of [talks, rings]) expect(known.learn('', stale)).toEqual([]);
    expect(known.get('', 'c1')?.call).toBe(talks);
  });

  test('[NODE-2] [NODE-5] others hear of a call of which only a device that comes from elsewhere knows', () => {
    const { known, lines } = knowing('c');
    const { toDevice, toOthers } = known.bring(phone, '', rings);
    expect(toDevice).toEqual([]);
    expect(lines(toOthers)).toContain('tablet: rings');
    expect(knowing('d').known.bring(phone, '', rings)).toEqual({ toDevice: [], toOthers: [] });
  });

  test('[NODE-2] what lies between is made up for', () => {
    const { known, lines } = knowing('a');
    known.learn('', rings);
    expect(lines(known.learn('', parted))).toEqual([
      'answered by phone',
      'tablet: ended, answered_elsewhere by bob',
      'laptop: peer_reconnecting',
    ]);
    expect(lines(known.learn('', talks))).toEqual([]);
  });

  test('[NODE-2] a call in which it has no device is none of its business, unless it had one', () => {
    const { known } = knowing('c');
    expect(known.learn('', talks)).toEqual([]);
    expect(known.all()).toEqual([]);
    known.learn('', rings);
    expect(known.learn('', talks).map(effectLine)).toContain('tablet: ended, answered_elsewhere by bob');
  });

  test('[NODE-2] an end that it never knew the beginning of is nothing new', () => {
    const { known } = knowing('a');
    expect(known.learn('', over)).toEqual([]);
    expect(known.all()).toEqual([]);
  });

  test('[NODE-2] nothing follows an end', () => {
    const { known } = knowing('a');
    known.learn('', talks);
    known.learn('', over);
    expect(known.learn('', { ...talks, version: 9 })).toEqual([]);
    expect(known.get('', 'c1')?.call).toBe(over);
  });

  test('[NODE-2] a call that is over for this node is known for 60 s more, and one that goes on for as long as it does', () => {
    const { known, time } = knowing('c');
    known.learn('', rings);
    known.learn('', talks);
    known.learn('', { ...ringing({ id: 'c2', rung: [at(up(tablet), 'c')] }) });
    time.now += 60_000;
    expect(known.sweep()).toEqual([]);
    time.now += 1;
    expect(known.sweep().map(({ call }) => call)).toEqual([talks]);
    expect(known.all().map(({ call }) => call.id)).toEqual(['c2']);
  });

  test('[NODE-10] while the stores are away, and 60 s after, no end is forgotten: others may not have heard of it', () => {
    const { known, time } = knowing('a');
    known.learn('', talks);
    known.learn('', over);
    known.learn('', ringing({ id: 'c2', caller: at(up(laptop), 'a') }));
    time.now += 59_000;
    known.linger();
    time.now += 60_000;
    expect(known.sweep()).toEqual([]);
    time.now += 1;
    expect(known.sweep().map(({ call }) => call)).toEqual([over]);
    expect(known.all().map(({ call }) => call.id)).toEqual(['c2']);
  });

  test('[NODE-2] calls of one id are told apart by their scope', () => {
    const { known } = knowing('a');
    known.learn('one', rings);
    known.learn('two', { ...talks, caller: at(up('eve/laptop'), 'a') });
    expect(known.of(laptop, 'c1')).toMatchObject({ scope: 'one' });
    expect(known.of('eve/laptop', 'c1')).toMatchObject({ scope: 'two' });
    expect(known.get('one', 'c1')?.call.status).toBe('ringing');
  });
});

describe('what a node commits', () => {
  const decision = transition(rings, { type: 'accept', device: phone, node: 'b', answer: ANSWER, at: NOW }, RULES);
  if (!decision.ok) throw new Error(decision.code);
  const accepted = { change: { before: rings, after: decision.call }, effects: decision.effects };

  test('[NODE-2] its devices are told of it as it was decided', () => {
    const { known, lines } = knowing('b');
    known.learn('', rings);
    expect(known.committed('', accepted.change, accepted.effects)).toEqual(accepted.effects);
    expect(lines(known.learn('', decision.call))).toEqual([]);
  });

  test('[NODE-2] its devices are told first of what it was decided on, when this node had not heard of that', () => {
    const { known, lines } = knowing('b');
    expect(lines(known.committed('', accepted.change, accepted.effects))).toEqual([
      'c1 placed',
      'phone: rings',
      'tablet: rings',
      ...lines(accepted.effects),
    ]);
  });

  test('[NODE-2] its devices are told nothing when a later version was faster', () => {
    const { known } = knowing('b');
    known.learn('', rings);
    known.learn('', parted);
    expect(known.committed('', accepted.change, accepted.effects)).toEqual([]);
    expect(known.get('', 'c1')?.call).toBe(parted);
  });

  test('[NODE-2] a device is rung anew though the call has changed since, but not when it rings no more', () => {
    const { known } = knowing('b');
    const again = { before: rings, after: rings };
    const effects = [{ type: 'ring', device: phone, call: rings } as const];
    known.learn('', { ...rings, version: 2 });
    expect(known.committed('', again, effects)).toEqual(effects);
    known.learn('', parted);
    expect(known.committed('', again, effects)).toEqual([]);
  });

  test('[NODE-2] a node that has no device in the call keeps nothing of it', () => {
    const { known } = knowing('elsewhere');
    expect(known.committed('', accepted.change, accepted.effects)).toEqual([]);
    expect(known.all()).toEqual([]);
  });

  test('[NODE-2] the nodes of the ends before and after are told, and no others', () => {
    const nowhere = () => undefined;
    expect(nodesToTell(accepted.change, 'b', nowhere).toSorted()).toEqual(['a', 'c']);
    expect(nodesToTell({ before: undefined, after: rings }, 'a', nowhere).toSorted()).toEqual(['b', 'c']);
    expect(nodesToTell({ before: parted, after: over }, 'd', nowhere).toSorted()).toEqual(['a', 'b']);
    expect(nodesToTell({ before: rings, after: rings }, 'a', nowhere)).toEqual([]);
    expect(nodesOf(ringing()).size).toBe(0);
  });
});
