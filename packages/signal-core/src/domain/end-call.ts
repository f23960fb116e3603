import { devicesOf, type EndedCall, type EndReason, type LiveCall, nextFacts } from './call.js';
import type { Effect } from './effect.js';
import { type DeviceKey, userOf } from './ids.js';

interface Ending {
  reason: EndReason;
  at: number;
  /** Whose command it was; that device hears no more of the call. */
  by?: DeviceKey;
}

/**
 * Ends a call: the one place where calls become ended.
 *
 * @param tell - what the other devices of the call are told; by default `call_ended` with the reason
 */
export function endCall(
  call: LiveCall,
  ending: Ending,
  tell: (device: DeviceKey, ended: EndedCall) => Effect = endedEffect,
): { ok: true; call: EndedCall; effects: Effect[] } {
  const ended: EndedCall = {
    status: 'ended',
    reason: ending.reason,
    endedAt: ending.at,
    callerDevice: call.caller.device,
    ...(call.status === 'active' && { calleeDevice: call.callee.device, durationMs: ending.at - call.answeredAt }),
    ...(ending.by !== undefined && { endedBy: ending.by }),
    ...nextFacts(call),
  };
  const others = devicesOf(call).filter((device) => device !== ending.by);
  return {
    ok: true,
    call: ended,
    effects: [...others.map((device) => tell(device, ended)), { type: 'closed', call: ended }],
  };
}

export function endedEffect(device: DeviceKey, call: EndedCall, reason: EndReason = call.reason): Effect {
  return {
    type: 'ended',
    device,
    callId: call.id,
    reason,
    ...(call.endedBy !== undefined && { by: userOf(call.endedBy) }),
    ...(call.durationMs !== undefined && { durationMs: call.durationMs }),
  };
}
