import {
  type Call,
  type CallRules,
  type End,
  isInCall,
  isReplacedBy,
  type LiveCall,
  type RingingCall,
  relinked,
  type User,
} from './call.js';
import type { PlaceCommand, Refusal } from './command.js';
import { ringingDueAt } from './deadline.js';
import type { Effect } from './effect.js';
import type { CallId } from './ids.js';
import { transition } from './transition.js';

/** What is known when a call is placed. */
export interface PlaceFacts {
  callerCalls: LiveCall[];
  calleeCalls: LiveCall[];
  /** Nobody, as far as the caller may know: whoever is in another scope, or may not be seen, does not exist. */
  callee: User | undefined;
  /** The callee's devices that are online, lost ones within their presence grace included. */
  calleeDevices: End[];
  /** The host wants an unreachable callee's call to ring on. */
  ringsUnreachable: boolean;
}

/** Calls to commit, and whether the new one is among them; a replaced call ends even when the new one is refused. */
export interface PlaceDecision {
  calls: Call[];
  effects: Effect[];
  refusal?: { code: Refusal; callId?: CallId };
}

/** What can be said before the host and the lines are asked: `undefined` means go on. */
export function judgeFirst(command: PlaceCommand, sameId: Call | undefined): 'repeated' | Refusal | undefined {
  if (sameId !== undefined) {
    const device = sameId.status === 'ended' ? sameId.callerDevice : sameId.caller.device;
    return device === command.device ? 'repeated' : 'forbidden';
  }
  return command.from.id === command.to ? 'forbidden' : undefined;
}

/**
 * Judges a new call: replaced, glare, too many that ring, busy, offline, in this order.
 *
 * @see SPEC.md, rules CALL-8 to CALL-14 and LIMIT-5
 */
export function startCall(command: PlaceCommand, facts: PlaceFacts, rules: CallRules): PlaceDecision {
  const replaced = facts.callerCalls.filter((call) => isReplacedBy(call, command.device));
  const endings = replaced.flatMap((call) => {
    const ending = transition(call, { type: 'replace', device: command.device, at: command.at }, rules);
    return ending.ok ? [ending] : [];
  });
  const isLeft = (call: LiveCall) => !replaced.some((other) => other.id === call.id);
  const left = {
    ...facts,
    callerCalls: facts.callerCalls.filter(isLeft),
    calleeCalls: facts.calleeCalls.filter(isLeft),
  };
  const placed = place(command, left, rules);
  return {
    ...placed,
    calls: [...endings.map((ending) => ending.call), ...placed.calls],
    effects: [...endings.flatMap((ending) => ending.effects), ...placed.effects],
  };
}

function place(command: PlaceCommand, facts: PlaceFacts, rules: CallRules): PlaceDecision {
  const { callee, callerCalls, calleeCalls, calleeDevices } = facts;
  const glare = callee && callerCalls.find((call) => call.status === 'ringing' && call.from.id === callee.id);
  if (glare !== undefined) return refused('glare', glare.id);

  const ringing = calleeCalls.filter((call) => call.status === 'ringing' && call.to.id === command.to);
  if (ringing.length >= rules.ringingPerUser) return refused('rate_limited');

  const isFull = (calls: LiveCall[]) => calls.length >= rules.maxCallsPerUser;
  if (isFull(callerCalls) || isFull(calleeCalls)) return refused('busy');

  const free = calleeDevices.filter((end) => !calleeCalls.some((call) => isInCall(call, end.device)));
  if (free.length === 0 && calleeDevices.length > 0) return refused('busy');
  if (callee === undefined || (free.length === 0 && !facts.ringsUnreachable)) return refused('user_offline');

  const call = ringingCall(command, callee, free, rules);
  return {
    calls: [call],
    effects: [{ type: 'placed', call }, ...free.map((end): Effect => ({ type: 'ring', device: end.device, call }))],
  };
}

function refused(code: Refusal, callId?: CallId): PlaceDecision {
  return { calls: [], effects: [], refusal: callId === undefined ? { code } : { code, callId } };
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
    caller: relinked(command, { state: 'up' }),
    rung,
    offer: command.offer,
    ringUntil: command.at + rules.ringTimeoutMs,
    ...(command.metadata !== undefined && { metadata: command.metadata }),
  };
  return { dueAt: ringingDueAt(call, rules), ...call };
}
