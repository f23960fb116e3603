import { type ActiveCall, type CallRules, isHeldBy, isReplacedBy, type Link, relinked } from './call.js';
import type { CallCommand } from './command.js';
import { activeDueAt, givenUpAt } from './deadline.js';
import { type Decision, refuse, unchanged } from './decision.js';
import type { Effect } from './effect.js';
import { endCall } from './end-call.js';
import { exhausted } from './exhausted.js';
import type { DeviceKey } from './ids.js';

/** How long a node may be dead before its devices are lost, in milliseconds, with some to spare. */
const UNNOTICED_MS = 10_000;

type Command<Type extends CallCommand['type']> = Extract<CallCommand, { type: Type }>;

/** What becomes of an active call. */
export function fromActive(call: ActiveCall, command: CallCommand, rules: CallRules): Decision {
  switch (command.type) {
    case 'accept':
      return command.device === call.callee.device ? unchanged(call) : refuse('invalid_state');
    case 'reject':
      return refuse('invalid_state');
    case 'end':
      return isEnd(call, command.device)
        ? endCall(call, { reason: 'hangup', by: command.device, at: command.at })
        : refuse('invalid_state');
    case 'replace':
      // a call that was answered at the moment of dialling is talked in
      return isReplacedBy(call, command.device)
        ? endCall(call, { reason: 'replaced', by: command.device, at: command.at })
        : unchanged(call);
    case 'ring':
      return unchanged(call);
    case 'leave':
      return isEnd(call, command.device)
        ? endCall(call, { reason: 'peer_disconnected', by: command.device, at: command.at })
        : unchanged(call);
    case 'lose':
      return relink(call, command, { state: 'lost', since: command.at }, rules);
    case 'return':
      return told(call, command, relink(call, command, { state: command.legacy ? 'kept' : 'up' }, rules), rules);
    case 'remove':
      return endCall(call, { reason: command.reason, at: command.at });
    case 'expire':
      return expire(call, command.at, rules);
    default:
      return exhausted(command);
  }
}

const isEnd = (call: ActiveCall, device: DeviceKey) => call.caller.device === device || call.callee.device === device;

function relink(
  call: ActiveCall,
  { device, node }: Command<'lose' | 'return'>,
  link: Link,
  rules: CallRules,
): Decision {
  if (!isEnd(call, device)) return unchanged(call);
  const side = call.caller.device === device ? 'caller' : 'callee';
  const peer = side === 'caller' ? call.callee : call.caller;
  const isStill = link.state !== 'lost' && call[side].link.state !== 'lost';
  if (isStill && isHeldBy(call[side], node)) return unchanged(call);
  const end = relinked(call[side], isStill ? call[side].link : link, node);
  const next: ActiveCall = { ...call, version: call.version + 1, [side]: end };
  const status = link.state === 'lost' ? 'peer_reconnecting' : 'peer_reconnected';
  return {
    ok: true,
    call: { ...next, dueAt: activeDueAt(next, rules) },
    effects: isStill ? [] : [{ type: 'peer_link', device: peer.device, callId: call.id, status }],
  };
}

/**
 * A caller that comes back, and of which nobody knows what it was told, hears of the answer again if it may have been
 * away already when that was given.
 *
 * @see SPEC.md, rule NODE-5
 */
function told(call: ActiveCall, command: Command<'return'>, decision: Decision, rules: CallRules): Decision {
  const { answer, answeredAt, caller } = call;
  if (!decision.ok || !command.isLate || caller.device !== command.device || answer === undefined) return decision;
  const lostAt = caller.link.state === 'lost' ? caller.link.since : command.at;
  if (answeredAt < lostAt - rules.graceMs - UNNOTICED_MS) return decision;
  const again: Effect = { type: 'answered_again', call, answer };
  return { ...decision, effects: [again, ...decision.effects] };
}

function expire(call: ActiveCall, at: number, rules: CallRules): Decision {
  if (at >= call.answeredAt + rules.maxCallMs) return endCall(call, { reason: 'max_duration', at });
  const isGivenUp = at >= givenUpAt(call.caller, rules.graceMs) || at >= givenUpAt(call.callee, rules.graceMs);
  return isGivenUp ? endCall(call, { reason: 'peer_disconnected', at }) : unchanged(call);
}
