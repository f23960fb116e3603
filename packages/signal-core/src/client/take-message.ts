import type { ServerPayloads } from '../protocol/server-events.js';
import type { CallMessage } from './call-message.js';
import type { LiveCall } from './live-call.js';
import type { CallEnd } from './signaling-call.js';

/** What an event of the server means to its call. */
export function takeMessage(call: LiveCall, { event, payload }: CallMessage): void {
  if (call.state === 'ended') return;
  switch (event) {
    case 'call_status':
      takeStatus(call, payload.status);
      break;
    case 'call_accepted':
      call.accepted(payload.answer);
      break;
    case 'call_rejected':
      call.finish({ reason: reasonOf(payload.reason, 'declined') });
      break;
    case 'call_ended':
      call.finish(endOf(payload));
      break;
    case 'ice_candidate':
      call.emit('candidates', [payload.candidate]);
      break;
    case 'ice_candidates':
      call.emit('candidates', payload.candidates);
      break;
    case 'session_description':
      call.emit('description', payload.description);
      break;
    case 'call_info':
      call.emit('info', payload.data);
      break;
    default:
      event satisfies never;
  }
}

function takeStatus(call: LiveCall, status: ServerPayloads['call_status']['status']): void {
  switch (status) {
    case 'ringing':
      call.placed();
      break;
    case 'user_offline':
      call.finish({ reason: 'user_offline' });
      break;
    case 'peer_reconnecting':
      call.emit('peerReconnecting');
      break;
    case 'peer_reconnected':
      call.emit('peerReconnected');
      break;
    default:
      // a later version of the server may know more
      status satisfies never;
  }
}

function endOf({ reason, by, durationMs }: ServerPayloads['call_ended']): CallEnd {
  const end: CallEnd = { reason: reasonOf(reason, 'hangup') };
  if (by !== undefined) end.by = by;
  if (durationMs !== undefined) end.durationMs = durationMs;
  return end;
}

/** Legacy servers say what they like, or nothing. */
function reasonOf(reason: string | undefined, otherwise: CallEnd['reason']): CallEnd['reason'] {
  // a later version of the server may know more reasons than this one
  return (reason as CallEnd['reason'] | undefined) ?? otherwise;
}
