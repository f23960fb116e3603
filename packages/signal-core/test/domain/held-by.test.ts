import { describe, expect, test } from 'vitest';
import { type Call, endsOf, isLive } from '../../src/domain/call.ts';
import type { CallCommand } from '../../src/domain/command.ts';
import { type RestoreClaim, restoredCall } from '../../src/domain/restore-call.ts';
import { startCall } from '../../src/domain/start-call.ts';
import { transition } from '../../src/domain/transition.ts';
import { ANSWER, active, alice, bob, laptop, lost, NOW, OFFER, phone, RULES, ringing, tablet, tv, up } from './cast.ts';
import { effectLine } from './effect-line.ts';

const at = NOW;
const eastern = <End>(end: End) => ({ ...end, node: 'east' });
const western = <End>(end: End) => ({ ...end, node: 'west' });

function after(call: Call, command: CallCommand): { call: Call; effects: string[] } {
  const decision = transition(call, command, RULES);
  if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.code}`);
  return { call: decision.call, effects: decision.effects.map(effectLine) };
}

describe('a call says which node holds', () => {
  const place = {
    callId: 'c1',
    device: laptop,
    from: alice,
    scope: '',
    to: bob.id,
    callType: 'video' as const,
    offer: OFFER,
    at,
  };
  const facts = { callerCalls: [], calleeCalls: [], callee: bob, ringsUnreachable: false };
  const claim = { callId: 'c1', callType: 'video', scope: '' } as const;
  const callers: RestoreClaim = { ...claim, device: laptop, user: alice, peer: bob.id, role: 'caller' };
  const callees: RestoreClaim = { ...claim, device: phone, user: bob, peer: alice.id, role: 'callee' };

  test('[NODE-2] its caller and whoever is rung when it is placed', () => {
    const command = { ...place, node: 'east' };
    const decision = startCall(command, { ...facts, calleeDevices: [western(up(phone)), up(tablet)] }, RULES);
    expect(decision.calls).toMatchObject([{ caller: eastern(up(laptop)), rung: [western(up(phone)), up(tablet)] }]);
  });

  test('[NODE-2] both ends when it is restored', () => {
    const call = restoredCall({ ...callers, node: 'east' }, { ...callees, node: 'west' }, at, RULES);
    expect(call).toMatchObject({ caller: eastern(up(laptop)), callee: western(up(phone)) });
  });

  test.each<[string, Call, CallCommand, Partial<Call>]>([
    [
      'who answers',
      ringing({ caller: eastern(up(laptop)) }),
      { type: 'accept', device: phone, node: 'west', answer: ANSWER, at },
      { caller: eastern(up(laptop)), callee: western(up(phone)) },
    ],
    [
      'who is rung late',
      ringing({ rung: [up(phone)] }),
      { type: 'ring', device: tv, node: 'west', at },
      { rung: [up(phone), western(up(tv))] },
    ],
    [
      'who is rung anew from elsewhere',
      ringing({ rung: [eastern(lost(phone))] }),
      { type: 'ring', device: phone, node: 'west', at },
      { rung: [western(lost(phone))], version: 2 },
    ],
    [
      'who was lost, and is kept by whoever declared its node dead',
      active({ callee: eastern(up(phone)) }),
      { type: 'lose', device: phone, node: 'west', at },
      { callee: western(lost(phone)) },
    ],
    [
      'who is back',
      active({ callee: eastern(lost(phone)) }),
      { type: 'return', device: phone, node: 'west', legacy: false, at },
      { callee: western(up(phone)) },
    ],
    [
      'who is back at a node that does not say',
      active({ callee: eastern(lost(phone)) }),
      { type: 'return', device: phone, legacy: false, at },
      { callee: eastern(up(phone)) },
    ],
  ])('[NODE-2] %s', (_, before, command, changed) => expect(after(before, command).call).toMatchObject(changed));
});

describe('a device that moves to another node without having been lost', () => {
  test.each<[string, Call]>([
    ['a caller that rings', ringing({ caller: eastern(up(laptop)) })],
    ['a caller that talks', active({ caller: eastern(up(laptop)) })],
  ])('[NODE-2] is a commit, so that others learn of it: %s', (_, before) => {
    const moved = after(before, { type: 'return', device: laptop, node: 'west', legacy: true, at });
    expect(moved.call).toEqual({ ...before, version: before.version + 1, caller: western(up(laptop)) });
    expect(moved.effects).toEqual([]);
  });

  test('[NODE-2] is none where it is held already', () => {
    for (const before of [ringing({ caller: eastern(up(laptop)) }), active({ caller: eastern(up(laptop)) })]) {
      expect(after(before, { type: 'return', device: laptop, node: 'east', legacy: false, at }).call).toBe(before);
    }
  });
});

test('[NODE-1] where there is one node nobody names it', () => {
  const commands: CallCommand[] = [
    { type: 'ring', device: tv, at },
    { type: 'lose', device: laptop, at },
    { type: 'return', device: laptop, legacy: false, at },
    { type: 'accept', device: tv, answer: ANSWER, at },
    { type: 'lose', device: tv, at },
  ];
  let call: Call = ringing();
  for (const command of commands) {
    call = after(call, command).call;
    if (!isLive(call)) throw new Error('it has ended');
    for (const end of endsOf(call)) expect(Object.keys(end)).toEqual(['device', 'link']);
  }
});

test('[NODE-2] an active call keeps its answer for whoever was not told, and an ended one keeps no description', () => {
  const answered = after(ringing(), { type: 'accept', device: phone, answer: ANSWER, at }).call;
  const away = after(answered, { type: 'lose', device: phone, at }).call;
  expect(away).toMatchObject({ status: 'active', answer: ANSWER });
  expect(JSON.stringify(after(away, { type: 'end', device: laptop, at }).call)).not.toContain('sdp');
});
