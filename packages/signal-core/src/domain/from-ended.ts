import type { EndedCall } from './call.js';
import type { CallCommand } from './command.js';
import { type Decision, refuse, unchanged } from './decision.js';
import { exhausted } from './exhausted.js';

/** Nothing becomes of an ended call: a repeated command has its first result, a late one is refused. */
export function fromEnded(call: EndedCall, command: CallCommand): Decision {
  switch (command.type) {
    case 'accept':
      return command.device === call.calleeDevice ? unchanged(call) : refuse('invalid_state');
    case 'reject':
    case 'end':
      return command.device === call.endedBy ? unchanged(call) : refuse('invalid_state');
    case 'remove':
      return refuse('invalid_state');
    case 'replace':
    case 'ring':
    case 'leave':
    case 'lose':
    case 'return':
    case 'expire':
      return unchanged(call);
    default:
      return exhausted(command);
  }
}
