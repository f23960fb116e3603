import type { ActiveCall, CallRules, Description, EndedCall, RingingCall, User } from '../../src/domain/call.ts';
import { type DeviceKey, deviceKey } from '../../src/domain/ids.ts';

/** The rules as they are by default. */
export const RULES: CallRules = {
  ringTimeoutMs: 60_000,
  graceMs: 15_000,
  ringingGraceMs: 5_000,
  maxCallMs: 12 * 60 * 60 * 1000,
  maxCallsPerUser: 1,
  ringingPerUser: 3,
};

/** When calls are placed, answered and acted on. */
export const PLACED_AT = 1_000_000;
export const ANSWERED_AT = PLACED_AT + 1_000;
export const NOW = PLACED_AT + 3_000;

export const alice: User = { id: 'alice', username: 'Alice' };
export const bob: User = { id: 'bob', username: 'Bob' };
export const carol: User = { id: 'carol', username: 'Carol' };

/** Alice calls from her laptop; she has a watch, too. */
export const laptop = deviceKey('alice', 'laptop');
export const watch = deviceKey('alice', 'watch');
/** Bob's phone and tablet ring; his TV does not. */
export const phone = deviceKey('bob', 'phone');
export const tablet = deviceKey('bob', 'tablet');
export const tv = deviceKey('bob', 'tv');
/** Carol has no part in it. */
export const pager = deviceKey('carol', 'pager');

export const OFFER: Description<'offer'> = { type: 'offer', sdp: 'v=0\r\na=ice-ufrag:offr\r\n' };
export const ANSWER: Description<'answer'> = { type: 'answer', sdp: 'v=0\r\na=ice-ufrag:answ\r\n' };

/** A device whose connection is there. */
export const up = (device: DeviceKey) => ({ device, link: { state: 'up' as const } });
/** A device whose connection was lost. */
export const lost = (device: DeviceKey, since = NOW) => ({ device, link: { state: 'lost' as const, since } });
/** A legacy device that came back. */
export const kept = (device: DeviceKey) => ({ device, link: { state: 'kept' as const } });

/** Alice calls Bob; unless told otherwise from her laptop to his phone and tablet. */
export function ringing(change: Partial<RingingCall> = {}): RingingCall {
  const ringUntil = PLACED_AT + RULES.ringTimeoutMs;
  return {
    id: 'c1',
    version: 1,
    from: alice,
    to: bob,
    callType: 'video',
    startedAt: PLACED_AT,
    status: 'ringing',
    caller: up(laptop),
    rung: [up(phone), up(tablet)],
    offer: OFFER,
    ringUntil,
    dueAt: ringUntil,
    ...change,
  };
}

/** Alice's laptop talks with Bob's phone. */
export function active(change: Partial<ActiveCall> = {}): ActiveCall {
  return {
    id: 'c1',
    version: 2,
    from: alice,
    to: bob,
    callType: 'video',
    startedAt: PLACED_AT,
    status: 'active',
    caller: up(laptop),
    callee: up(phone),
    answeredAt: ANSWERED_AT,
    dueAt: ANSWERED_AT + RULES.maxCallMs,
    ...change,
  };
}

/** Alice's laptop hung up. */
export function hungUp(change: Partial<EndedCall> = {}): EndedCall {
  return {
    id: 'c1',
    version: 3,
    from: alice,
    to: bob,
    callType: 'video',
    startedAt: PLACED_AT,
    status: 'ended',
    reason: 'hangup',
    endedAt: ANSWERED_AT + 1_000,
    durationMs: 1_000,
    callerDevice: laptop,
    calleeDevice: phone,
    endedBy: laptop,
    ...change,
  };
}

/** Bob's phone declined. */
export function declined(): EndedCall {
  const { durationMs, calleeDevice, ...call } = hungUp({ version: 2, reason: 'declined', endedBy: phone });
  return call;
}
