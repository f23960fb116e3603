import {
  type ActiveCall,
  type CallRules,
  type End,
  isHeldBy,
  type Link,
  nextFacts,
  type RingingCall,
  relinked,
} from './call.js';
import type { CallCommand } from './command.js';
import { activeDueAt, givenUpAt, ringingDueAt } from './deadline.js';
import { type Decision, refuse, unchanged } from './decision.js';
import type { Effect } from './effect.js';
import { endCall, endedEffect } from './end-call.js';
import { exhausted } from './exhausted.js';
import { type DeviceKey, userOf } from './ids.js';

type Command<Type extends CallCommand['type']> = Extract<CallCommand, { type: Type }>;

/** What becomes of a ringing call. */
export function fromRinging(call: RingingCall, command: CallCommand, rules: CallRules): Decision {
  switch (command.type) {
    case 'accept':
      return isRung(call, command.device) ? accept(call, command, rules) : refuse('invalid_state');
    case 'reject':
      return isRung(call, command.device) ? reject(call, command) : refuse('invalid_state');
    case 'end':
      return end(call, command);
    case 'replace':
      return isCaller(call, command.device)
        ? endCall(call, { reason: 'replaced', by: command.device, at: command.at })
        : unchanged(call);
    case 'ring':
      return ring(call, command, rules);
    case 'leave':
      return leave(call, command, rules);
    case 'lose':
      return relink(call, command, { state: 'lost', since: command.at }, rules);
    case 'return':
      return relink(call, command, { state: command.legacy ? 'kept' : 'up' }, rules);
    case 'remove':
      return endCall(call, { reason: command.reason, at: command.at });
    case 'expire':
      return expire(call, command.at, rules);
    default:
      return exhausted(command);
  }
}

const isCaller = (call: RingingCall, device: DeviceKey) => call.caller.device === device;
const isRung = (call: RingingCall, device: DeviceKey) => call.rung.some((end) => end.device === device);

function accept(call: RingingCall, command: Command<'accept'>, rules: CallRules): Decision {
  const callee = call.rung.find((end) => end.device === command.device);
  if (callee === undefined) return refuse('invalid_state');
  const answered = {
    status: 'active' as const,
    caller: call.caller,
    callee: relinked(callee, { state: 'up' }, command.node),
    answer: command.answer,
    answeredAt: command.at,
    ...nextFacts(call),
  };
  const active: ActiveCall = { dueAt: activeDueAt(answered, rules), ...answered };
  const losers = call.rung.filter((end) => end !== callee);
  return {
    ok: true,
    call: active,
    effects: [
      { type: 'answered', call: active, answer: command.answer },
      ...losers.map(
        (end): Effect => ({
          type: 'ended',
          device: end.device,
          callId: call.id,
          reason: 'answered_elsewhere',
          by: call.to.id,
        }),
      ),
    ],
  };
}

function reject(call: RingingCall, command: { device: DeviceKey; reason: 'declined' | 'busy'; at: number }): Decision {
  const { reason } = command;
  return endCall(call, { reason, by: command.device, at: command.at }, (device, ended) =>
    isCaller(call, device)
      ? { type: 'rejected', device, callId: call.id, reason }
      : endedEffect(device, ended, 'rejected_elsewhere'),
  );
}

function end(call: RingingCall, command: Command<'end'>): Decision {
  if (isCaller(call, command.device)) {
    return endCall(call, { reason: 'cancelled', by: command.device, at: command.at });
  }
  if (isRung(call, command.device)) return reject(call, { ...command, reason: 'declined' });
  return refuse('invalid_state');
}

function ring(call: RingingCall, command: Command<'ring'>, rules: CallRules): Decision {
  if (userOf(command.device) !== call.to.id) return unchanged(call);
  // what was in flight when its connection was lost may be lost too
  const { device, node } = command;
  const known = call.rung.find((end) => end.device === device);
  if (known !== undefined && isHeldBy(known, node))
    return { ok: true, call, effects: [{ type: 'ring', device, call }] };
  const others = call.rung.filter((end) => end !== known);
  const rung = [...others, relinked({ device }, known?.link ?? { state: 'up' }, node)];
  return changed({ ...call, rung }, rules, (ringing) => [{ type: 'ring', device, call: ringing }]);
}

function leave(call: RingingCall, command: Command<'leave'>, rules: CallRules): Decision {
  if (isCaller(call, command.device)) {
    return endCall(call, { reason: 'peer_disconnected', by: command.device, at: command.at });
  }
  return isRung(call, command.device)
    ? withoutRung(call, (end) => end.device === command.device, command.at, rules)
    : unchanged(call);
}

/** The ringing goes on without some devices; the last one to go ends it. */
function withoutRung(call: RingingCall, isGone: (end: End) => boolean, at: number, rules: CallRules): Decision {
  const rung = call.rung.filter((end) => !isGone(end));
  const unrung = call.rung
    .filter(isGone)
    .map((end): Effect => ({ type: 'unrung', device: end.device, callId: call.id }));
  if (rung.length > 0) return changed({ ...call, rung }, rules, () => unrung);
  const ended = endCall({ ...call, rung }, { reason: 'peer_disconnected', at });
  return { ...ended, effects: [...unrung, ...ended.effects] };
}

function relink(
  call: RingingCall,
  { device, node }: Command<'lose' | 'return'>,
  link: Link,
  rules: CallRules,
): Decision {
  if (isCaller(call, device)) {
    const { caller } = call;
    const isStill = link.state !== 'lost' && caller.link.state !== 'lost';
    if (isStill && isHeldBy(caller, node)) return unchanged(call);
    const status = link.state === 'lost' ? 'peer_reconnecting' : 'peer_reconnected';
    const told = isStill ? [] : call.rung;
    return changed({ ...call, caller: relinked(caller, isStill ? caller.link : link, node) }, rules, () =>
      told.map((end): Effect => ({ type: 'peer_link', device: end.device, callId: call.id, status })),
    );
  }
  if (!isRung(call, device)) return unchanged(call);
  const rung = call.rung.map((end) => (end.device === device ? relinked(end, link, node) : end));
  return changed({ ...call, rung }, rules, () => []);
}

function expire(call: RingingCall, at: number, rules: CallRules): Decision {
  if (at >= call.ringUntil) return endCall(call, { reason: 'no_answer', at });
  if (at >= givenUpAt(call.caller, rules.ringingGraceMs)) return endCall(call, { reason: 'peer_disconnected', at });
  const isGivenUp = (end: End) => at >= givenUpAt(end, rules.graceMs);
  return call.rung.some(isGivenUp) ? withoutRung(call, isGivenUp, at, rules) : unchanged(call);
}

function changed(call: RingingCall, rules: CallRules, effects: (ringing: RingingCall) => Effect[]): Decision {
  const ringing: RingingCall = { ...call, version: call.version + 1, dueAt: ringingDueAt(call, rules) };
  return { ok: true, call: ringing, effects: effects(ringing) };
}
