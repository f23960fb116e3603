import type { EndedCall, EndReason } from './call.js';
import type { CallCommand } from './command.js';
import { type Decision, refuse, unchanged } from './decision.js';
import { exhausted } from './exhausted.js';
import type { DeviceKey } from './ids.js';

/** Nothing becomes of an ended call: a repeated command has its first result, a late one is refused. */
export function fromEnded(call: EndedCall, command: CallCommand): Decision {
  switch (command.type) {
    case 'accept':
      return command.device === call.calleeDevice ? unchanged(call) : refuse('invalid_state');
    case 'reject':
      return isRepeated(call, command.device, ['declined', 'busy']) ? unchanged(call) : refuse('invalid_state');
    case 'end':
      return isRepeated(call, command.device, ['hangup', 'cancelled', 'declined'])
        ? unchanged(call)
        : refuse('invalid_state');
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

/** Whether it was this device that ended the call, in a way that its command would again. */
function isRepeated(call: EndedCall, device: DeviceKey, reasons: EndReason[]): boolean {
  return call.endedBy === device && reasons.includes(call.reason);
}
