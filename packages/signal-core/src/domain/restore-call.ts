import { type ActiveCall, type Call, type CallRules, type CallType, relinked, type User } from './call.js';
import type { Refusal } from './command.js';
import { activeDueAt } from './deadline.js';
import type { CallId, DeviceKey, NodeId, UserId } from './ids.js';

/** How many live calls a user may have and still restore one: media flows already, so `maxCallsPerUser` is not asked. */
export const MAX_RESTORED_CALLS = 32;

/** What a device says of a call that the server does not know: that it is an end of it. */
export interface RestoreClaim {
  readonly callId: CallId;
  readonly device: DeviceKey;
  readonly node?: NodeId;
  readonly user: User;
  readonly peer: UserId;
  readonly role: 'caller' | 'callee';
  readonly callType: CallType;
  readonly scope: string;
}

/** What becomes of a party's claim to a call that the server does know. */
export function judgeKnown(call: Call, { device }: RestoreClaim): 'active' | Refusal {
  if (call.status === 'ended') return 'call_not_found';
  const isEnd = call.status === 'active' && (call.caller.device === device || call.callee.device === device);
  return isEnd ? 'active' : 'invalid_state';
}

/** Whether two claims are of the two ends of one call. */
export function agree(one: RestoreClaim, other: RestoreClaim): boolean {
  return (
    one.callId === other.callId &&
    one.peer === other.user.id &&
    other.peer === one.user.id &&
    one.role !== other.role &&
    one.callType === other.callType &&
    one.scope === other.scope
  );
}

/**
 * The call that two ends agree on. When it was placed and answered is forgotten: it begins anew.
 *
 * @param at - epoch milliseconds
 * @see SPEC.md, rule RESUME-7
 */
export function restoredCall(one: RestoreClaim, other: RestoreClaim, at: number, rules: CallRules): ActiveCall {
  const [caller, callee] = one.role === 'caller' ? [one, other] : [other, one];
  const call = {
    id: one.callId,
    version: 1,
    from: caller.user,
    to: callee.user,
    callType: one.callType,
    startedAt: at,
    status: 'active' as const,
    caller: relinked(caller, { state: 'up' }),
    callee: relinked(callee, { state: 'up' }),
    answeredAt: at,
  };
  return { dueAt: activeDueAt(call, rules), ...call };
}
