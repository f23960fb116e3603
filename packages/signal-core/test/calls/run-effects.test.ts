import { describe, expect, test } from 'vitest';
import type { CallRecord } from '../../src/call-record.ts';
import { SignalRelay } from '../../src/calls/signal-relay.ts';
import type { Effect } from '../../src/domain/effect.ts';
import { runEffects } from '../../src/effects/run-effects.ts';
import { HostEvents } from '../../src/host-events.ts';
import { LIMIT_PROFILES } from '../../src/limits.ts';
import {
  ANSWER,
  ANSWERED_AT,
  active,
  alice,
  bob,
  hungUp,
  laptop,
  OFFER,
  PLACED_AT,
  phone,
  ringing,
  tablet,
} from '../domain/cast.ts';
import { candidate, Outbox } from './outbox.ts';

interface LogLine {
  fields: object;
  message: string;
}

/** The ports that effects go out by. */
function ports() {
  const outbox = new Outbox();
  const relay = new SignalRelay(outbox, LIMIT_PROFILES.relaxed);
  const logged: LogLine[] = [];
  const log = (fields: object, message: string) => void logged.push({ fields, message });
  const events = new HostEvents({ debug: log, info: log, warn: log, error: log });
  const run = (...effects: Effect[]) => runEffects(effects, { deliver: outbox, relay, events });
  return { outbox, relay, events, logged, run };
}

describe('an effect', () => {
  const messages: [name: string, effect: Effect, device: string, event: string, payload: object][] = [
    [
      '[CALL-1] placed',
      { type: 'placed', call: ringing() },
      laptop,
      'call_status',
      { status: 'ringing', callId: 'c1' },
    ],
    [
      '[CALL-1] ring',
      { type: 'ring', device: phone, call: ringing() },
      phone,
      'incoming_call',
      { callId: 'c1', from: alice, callType: 'video', offer: OFFER },
    ],
    [
      '[CALL-23] ring, with metadata',
      { type: 'ring', device: phone, call: ringing({ metadata: { topic: 'lunch' } }) },
      phone,
      'incoming_call',
      { callId: 'c1', from: alice, callType: 'video', offer: OFFER, metadata: { topic: 'lunch' } },
    ],
    [
      '[CALL-4] answered',
      { type: 'answered', call: active(), answer: ANSWER },
      laptop,
      'call_accepted',
      { callId: 'c1', answer: ANSWER },
    ],
    [
      '[CALL-5] rejected',
      { type: 'rejected', device: laptop, callId: 'c1', reason: 'busy' },
      laptop,
      'call_rejected',
      { callId: 'c1', reason: 'busy' },
    ],
    [
      '[CALL-6] ended',
      { type: 'ended', device: phone, callId: 'c1', reason: 'hangup', by: 'alice', durationMs: 7 },
      phone,
      'call_ended',
      { callId: 'c1', reason: 'hangup', by: 'alice', durationMs: 7 },
    ],
    [
      '[CALL-6] ended by nobody',
      { type: 'ended', device: phone, callId: 'c1', reason: 'no_answer' },
      phone,
      'call_ended',
      { callId: 'c1', reason: 'no_answer' },
    ],
    [
      '[LOSS-2] peer_link',
      { type: 'peer_link', device: phone, callId: 'c1', status: 'peer_reconnecting' },
      phone,
      'call_status',
      { status: 'peer_reconnecting', callId: 'c1' },
    ],
  ];

  test.each(messages)('%s becomes one message', (_, effect, device, event, payload) => {
    const { outbox, run } = ports();
    run(effect);
    expect(outbox.take()).toStrictEqual([{ device, event, payload }]);
  });

  test('[CALL-20] closed tells no device', () => {
    const { outbox, run } = ports();
    run({ type: 'closed', call: hungUp() });
    expect(outbox.take()).toEqual([]);
  });
});

test('[ICE-2] [ICE-3] messages go first, then the candidates that waited for them', () => {
  const { outbox, relay, run } = ports();
  const call = ringing();
  run({ type: 'placed', call }, { type: 'ring', device: phone, call }, { type: 'ring', device: tablet, call });
  relay.relay(laptop, { to: 'bob', candidate: candidate('of the caller') }, PLACED_AT);
  relay.relay(phone, { to: 'alice', candidate: candidate('of the callee') }, PLACED_AT);
  outbox.take();
  run({ type: 'answered', call: active(), answer: ANSWER });
  const lines = outbox.lines();
  expect(lines).toHaveLength(3);
  expect(lines.indexOf('laptop: call_accepted')).toBeLessThan(lines.indexOf('laptop: ice_candidate of'));
});

describe('the host', () => {
  test('[HOST-11] is told of every turn of a call, once', () => {
    const { events, run } = ports();
    const told: [string, CallRecord][] = [];
    for (const name of ['callStarted', 'callAnswered', 'callEnded'] as const)
      events.on(name, (call) => told.push([name, call]));
    run({ type: 'placed', call: ringing() });
    run({ type: 'answered', call: active(), answer: ANSWER });
    run({ type: 'ended', device: phone, callId: 'c1', reason: 'hangup' }, { type: 'closed', call: hungUp() });
    const call = { id: 'c1', from: alice, to: bob, callType: 'video', startTime: new Date(PLACED_AT) };
    expect(told).toStrictEqual([
      ['callStarted', { ...call, status: 'ringing' }],
      ['callAnswered', { ...call, status: 'active', answerTime: new Date(ANSWERED_AT) }],
      [
        'callEnded',
        { ...call, status: 'ended', endTime: new Date(ANSWERED_AT + 1_000), endReason: 'hangup', durationMs: 1_000 },
      ],
    ]);
  });

  test('[HOST-8] may throw and reject: it is logged, and the others hear all the same', async () => {
    const { events, run, logged } = ports();
    const heard: string[] = [];
    events.on('callStarted', () => {
      throw new Error('throws');
    });
    events.on('callStarted', () => Promise.reject(new Error('rejects')));
    events.on('callStarted', ({ id }) => heard.push(id));
    run({ type: 'placed', call: ringing() });
    await Promise.resolve();
    await Promise.resolve();
    expect(heard).toEqual(['c1']);
    const failures = logged.filter(({ message }) => message === 'a listener of the host failed');
    expect(failures.map(({ fields }) => Object(fields).event)).toEqual(['callStarted', 'callStarted']);
  });

  test('[HOST-8] hears nothing more when it stopped listening', () => {
    const { events, run } = ports();
    const heard: string[] = [];
    const listener = ({ id }: CallRecord) => heard.push(id);
    events.on('callStarted', listener);
    events.off('callStarted', listener);
    run({ type: 'placed', call: ringing() });
    expect(heard).toEqual([]);
  });

  test('[HOST-11] finds one line in its log for each turn, without any SDP', () => {
    const { run, logged } = ports();
    run({ type: 'placed', call: ringing() });
    run({ type: 'answered', call: active(), answer: ANSWER });
    run({ type: 'closed', call: hungUp() });
    expect(logged.map(({ message }) => message)).toEqual(['call ringing', 'call active', 'call ended']);
    expect(JSON.stringify(logged)).not.toContain('v=0');
  });
});
