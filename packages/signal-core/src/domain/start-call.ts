import { type Call, type CallRules, type End, isInCall, type LiveCall, type RingingCall, type User } from './call.js';
import type { PlaceCommand, Refusal } from './command.js';
import { ringingDueAt } from './deadline.js';
import type { Effect } from './effect.js';
import type { CallId } from './ids.js';
import { transition } from './transition.js';

/** What is known when a call is placed. */
export interface PlaceFacts {
  callerCalls: LiveCall[];
  calleeCalls: LiveCall[];
  callee: User;
  /** The callee's devices that are online, lost ones within their presence grace included. */
  calleeDevices: End[];
  /** The host wants an unreachable callee's call to ring on. */
  ringsUnreachable: boolean;
}

/** Either all calls to commit, the new one last, or the refusal with the call that stood in the way. */
export type PlaceDecision =
  | { ok: true; calls: Call[]; effects: Effect[] }
  | { ok: false; code: Refusal; callId?: CallId };

/** What can be said before the host and the lines are asked: `undefined` means go on. */
export function judgeFirst(command: PlaceCommand, sameId: Call | undefined): 'repeated' | Refusal | undefined {
  if (sameId !== undefined) {
    const device = sameId.status === 'ended' ? sameId.callerDevice : sameId.caller.device;
    return device === command.device ? 'repeated' : 'forbidden';
  }
  return command.from.id === command.to ? 'forbidden' : undefined;
}

/**
 * Judges a new call: replaced, glare, busy, offline, in this order.
 *
 * @see SPEC.md, rules CALL-8 to CALL-14
 */
export function startCall(command: PlaceCommand, facts: PlaceFacts, rules: CallRules): PlaceDecision {
  const replaced = facts.callerCalls.filter((call) => isReplacedBy(call, command));
  const isLeft = (call: LiveCall) => !replaced.some((other) => other.id === call.id);
  const callerCalls = facts.callerCalls.filter(isLeft);
  const calleeCalls = facts.calleeCalls.filter(isLeft);

  const glare = callerCalls.find((call) => call.status === 'ringing' && call.from.id === command.to);
  if (glare !== undefined) return { ok: false, code: 'glare', callId: glare.id };

  const isFull = (calls: LiveCall[]) => calls.length >= rules.maxCallsPerUser;
  if (isFull(callerCalls) || isFull(calleeCalls)) return { ok: false, code: 'busy' };

  const free = facts.calleeDevices.filter((end) => !calleeCalls.some((call) => isInCall(call, end.device)));
  if (free.length === 0 && facts.calleeDevices.length > 0) return { ok: false, code: 'busy' };
  if (free.length === 0 && !facts.ringsUnreachable) return { ok: false, code: 'user_offline' };

  const endings = replaced.map((call) =>
    transition(call, { type: 'replace', device: command.device, at: command.at }, rules),
  );
  const call = ringingCall(command, facts.callee, free, rules);
  const reachable = free.filter((end) => end.link.state !== 'lost');
  return {
    ok: true,
    calls: [...endings.flatMap((ending) => (ending.ok ? [ending.call] : [])), call],
    effects: [
      ...endings.flatMap((ending) => (ending.ok ? ending.effects : [])),
      { type: 'placed', call },
      ...reachable.map((end): Effect => ({ type: 'ring', device: end.device, call })),
    ],
  };
}

/** A device's own ringing call, or one that a legacy device was given back without knowing of it. */
function isReplacedBy(call: LiveCall, { device }: PlaceCommand): boolean {
  if (call.status === 'ringing') return call.caller.device === device;
  return [call.caller, call.callee].some((end) => end.device === device && end.link.state === 'kept');
}

function ringingCall(command: PlaceCommand, callee: User, rung: End[], rules: CallRules): RingingCall {
  const call = {
    id: command.callId,
    version: 1,
    from: command.from,
    to: callee,
    callType: command.callType,
    startedAt: command.at,
    status: 'ringing' as const,
    caller: { device: command.device, link: { state: 'up' as const } },
    rung,
    offer: command.offer,
    ringUntil: command.at + rules.ringTimeoutMs,
  };
  return { ...call, dueAt: ringingDueAt(call, rules) };
}
