import type { ActiveCall, CallRules, End, RingingCall } from './call.js';

/** When a lost end is given up; an end that is there never is. */
export function givenUpAt(end: End, graceMs: number): number {
  return end.link.state === 'lost' ? end.link.since + graceMs : Number.POSITIVE_INFINITY;
}

/** The next moment at which a ringing call wants attention, in epoch milliseconds. */
export function ringingDueAt(call: Omit<RingingCall, 'dueAt'>, rules: CallRules): number {
  return Math.min(
    call.ringUntil,
    givenUpAt(call.caller, rules.ringingGraceMs),
    ...call.rung.map((end) => givenUpAt(end, rules.graceMs)),
  );
}

/** The next moment at which an active call wants attention, in epoch milliseconds. */
export function activeDueAt(call: Omit<ActiveCall, 'dueAt'>, rules: CallRules): number {
  return Math.min(
    call.answeredAt + rules.maxCallMs,
    givenUpAt(call.caller, rules.graceMs),
    givenUpAt(call.callee, rules.graceMs),
  );
}
