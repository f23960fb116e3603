import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/domain/call.ts';
import type { CallCommand } from '../../src/domain/command.ts';
import type { DeviceKey } from '../../src/domain/ids.ts';
import { transition } from '../../src/domain/transition.ts';
import { ANSWER, active, kept, laptop, lost, NOW, PLACED_AT, phone, RULES, ringing, tablet, up } from './cast.ts';
import { effectLine } from './effect-line.ts';

const lose = (device: DeviceKey): CallCommand => ({ type: 'lose', device, at: NOW });
const back = (device: DeviceKey, legacy = false): CallCommand => ({ type: 'return', device, legacy, at: NOW + 1_000 });
const leave = (device: DeviceKey): CallCommand => ({ type: 'leave', device, at: NOW });

/** The call after some commands, with what the last of them had to say. */
function after(call: Call, ...commands: CallCommand[]): { call: Call; effects: string[] } {
  let current = { call, effects: [] as string[] };
  for (const command of commands) {
    const decision = transition(current.call, command, RULES);
    if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.code}`);
    current = { call: decision.call, effects: decision.effects.map(effectLine) };
  }
  return current;
}

describe('a device that is lost', () => {
  test('[LOSS-2] brings the deadline of a ringing call of its own to 5 s from now', () => {
    expect(after(ringing(), lose(laptop)).call).toMatchObject({ caller: lost(laptop), dueAt: NOW + 5_000 });
  });

  test('[LOSS-2] brings the deadline of its active call to 15 s from now', () => {
    expect(after(active(), lose(phone)).call).toMatchObject({ callee: lost(phone), dueAt: NOW + 15_000 });
  });

  test('[LOSS-2] is rung for another 15 s, and only it', () => {
    expect(after(ringing(), lose(phone)).call).toMatchObject({
      status: 'ringing',
      rung: [lost(phone), up(tablet)],
      dueAt: NOW + 15_000,
    });
  });

  test('[LOSS-2] does not keep the others from answering', () => {
    const { call, effects } = after(ringing(), lose(phone), {
      type: 'accept',
      device: tablet,
      answer: ANSWER,
      at: NOW,
    });
    expect(call).toMatchObject({ status: 'active', callee: up(tablet) });
    expect(effects).toEqual(['answered by tablet', 'phone: ended, answered_elsewhere by bob']);
  });

  test('[LOSS-2] answering does not bring a lost caller back', () => {
    const { call } = after(ringing(), lose(laptop), { type: 'accept', device: phone, answer: ANSWER, at: NOW });
    expect(call).toMatchObject({ status: 'active', caller: lost(laptop), dueAt: NOW + 15_000 });
  });
});

describe('a lost device that returns', () => {
  test.each([
    ['the caller of a ringing call', ringing(), laptop, ['phone: peer_reconnected', 'tablet: peer_reconnected']],
    ['the caller of an active call', active(), laptop, ['phone: peer_reconnected']],
    ['the callee of an active call', active(), phone, ['laptop: peer_reconnected']],
  ])('[LOSS-3] %s keeps the call, with its old deadline, and the peer hears of it', (_, call, device, effects) => {
    const returned = after(call, lose(device), back(device));
    expect(returned.call).toEqual({ ...call, version: call.version + 2 });
    expect(returned.effects).toEqual(effects);
  });

  test('[LOSS-8] keeps its place among the rung, and is then rung again', () => {
    const returned = after(ringing(), lose(phone), back(phone));
    expect(returned).toEqual({ call: ringing({ version: 3 }), effects: [] });
    const rung = after(returned.call, { type: 'ring', device: phone, at: NOW + 1_000 });
    expect(rung).toEqual({ call: returned.call, effects: ['phone: rings'] });
  });

  test.each([
    ['caller', active(), laptop, { caller: kept(laptop) }],
    ['callee', active(), phone, { callee: kept(phone) }],
  ])('[LOSS-6] is marked when it is a legacy %s, who may have forgotten the call', (_, call, device, ends) => {
    expect(after(call, lose(device), back(device, true)).call).toMatchObject({ status: 'active', ...ends });
  });

  test.each([
    ['caller', laptop, 'phone: ended, replaced by alice after 2000 ms'],
    ['callee', phone, 'laptop: ended, replaced by bob after 2000 ms'],
  ])('[LOSS-6] ends the call that it was given back, being its %s, when it dials', (_, device, told) => {
    const ended = after(active(), lose(device), back(device, true), { type: 'replace', device, at: NOW });
    expect(ended).toMatchObject({ call: { status: 'ended', reason: 'replaced' }, effects: [told, 'c1 over'] });
  });

  test('[LOSS-6] has not forgotten the call when it answers it', () => {
    const answered = after(ringing(), lose(phone), back(phone, true), {
      type: 'accept',
      device: phone,
      answer: ANSWER,
      at: NOW + 2_000,
    });
    expect(answered.call).toMatchObject({ status: 'active', callee: up(phone) });
  });
});

describe('a device that leaves', () => {
  test('[LOSS-1] leaves the ringing to the others', () => {
    const left = after(ringing(), leave(phone));
    expect(left.call).toMatchObject({ status: 'ringing', rung: [up(tablet)], dueAt: PLACED_AT + 60_000 });
    expect(left.effects).toEqual(['phone: rung no more']);
  });

  test('[LOSS-1] ends the ringing when it was the last that was rung', () => {
    const left = after(ringing(), leave(phone), leave(tablet));
    expect(left.call).toMatchObject({ status: 'ended', reason: 'peer_disconnected' });
    expect(left.effects).toEqual(['tablet: rung no more', 'laptop: ended, peer_disconnected', 'c1 over']);
  });

  test('[LOSS-1] takes its lost deadline with it', () => {
    expect(after(ringing(), lose(phone), leave(phone)).call).toMatchObject({ dueAt: PLACED_AT + 60_000 });
  });
});
