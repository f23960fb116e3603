import { SignalRelay } from '../../src/calls/signal-relay.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { DeviceKey } from '../../src/domain/ids.ts';
import { runEffects } from '../../src/effects/run-effects.ts';
import { HostEvents } from '../../src/host-events.ts';
import { LIMIT_PROFILES } from '../../src/limits.ts';
import { silentLogger } from '../../src/log.ts';
import { ANSWER, active, PLACED_AT, ringing, tablet } from '../domain/cast.ts';
import { candidate, Outbox } from './outbox.ts';

export const RELAYED = { ok: true };
export const TOO_MANY = { ok: false, code: 'rate_limited' };
export const NOT_ANSWERED = { ok: false, code: 'invalid_state' };
export const NOT_IN_CALL = { ok: false, code: 'not_in_call', callId: 'c1' };

type Name = string | number | null;

/** A relay with what effects left in it, and where its messages go. */
export function relaying() {
  const outbox = new Outbox();
  const relay = new SignalRelay(outbox, LIMIT_PROFILES.relaxed);
  const events = new HostEvents(silentLogger);
  const run = (...effects: Effect[]) => runEffects(effects, { deliver: outbox, relay, events });
  const named = (name: Name, ufrag?: string) => (name === null ? null : candidate(name, ufrag));

  return {
    outbox,
    relay,
    run,
    /** One candidate, the way legacy clients send it. */
    send: (device: DeviceKey, to: string, name: Name, ufrag?: string, callId?: string) =>
      relay.relay(device, { to, callId, candidate: named(name, ufrag) }, PLACED_AT),
    /** One candidate of a device that counts. */
    sendNumbered: (device: DeviceKey, to: string, name: Name, seq: number) =>
      relay.relay(device, { to, callId: 'c1', candidate: named(name), seq }, PLACED_AT),
    sendBatch: (device: DeviceKey, names: Name[], seq?: number, callId = 'c1') =>
      relay.relayBatch(device, { callId, candidates: names.map((name) => named(name)), seq }),
    describe: (device: DeviceKey, type: 'offer' | 'answer' | 'pranswer' | 'rollback', seq?: number, callId = 'c1') =>
      relay.relayDescription(device, {
        callId,
        description: type === 'rollback' ? { type } : { type, sdp: 'v=0\r\n' },
        seq,
      }),
    inform: (device: DeviceKey, data: string, seq?: number, callId = 'c1') =>
      relay.relayInfo(device, { callId, data, seq }),
    /** Alice's laptop calls Bob, unless told otherwise. */
    place: (call = ringing()) =>
      run({ type: 'placed', call }, ...call.rung.map(({ device }): Effect => ({ type: 'ring', device, call }))),
    /** Bob's phone answers, and his tablet hears of that. */
    answer: () =>
      run(
        { type: 'answered', call: active(), answer: ANSWER },
        { type: 'ended', device: tablet, callId: 'c1', reason: 'answered_elsewhere' },
      ),
  };
}

/** The numbers from..to, both included. */
export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
