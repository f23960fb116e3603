import { type Call, type CallRules, isParty } from './call.js';
import type { CallCommand } from './command.js';
import { type Decision, refuse } from './decision.js';
import { exhausted } from './exhausted.js';
import { fromActive } from './from-active.js';
import { fromEnded } from './from-ended.js';
import { fromRinging } from './from-ringing.js';
import { userOf } from './ids.js';

/**
 * The state machine of a call: what a command makes of it, and what is to be done then.
 *
 * @returns the next call with its effects, the same call when nothing is to be committed, or the refusal
 * @see SPEC.md, section CALL
 */
export function transition(call: Call, command: CallCommand, rules: CallRules): Decision {
  if ('device' in command && !isParty(call, userOf(command.device))) return refuse('call_not_found');
  switch (call.status) {
    case 'ringing':
      return fromRinging(call, command, rules);
    case 'active':
      return fromActive(call, command, rules);
    case 'ended':
      return fromEnded(call, command);
    default:
      return exhausted(call);
  }
}
