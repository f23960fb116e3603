import type { CallId } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import { isFirst } from './accepted.js';
import type { Connection } from './connection.js';
import type { EventStreams } from './event-streams.js';
import { Mailbox } from './mailbox.js';
import type { Rings } from './rings.js';

/** What this server has of a device that it holds. */
export interface Held {
  /** None when it was lost at another node, and has not come back yet. */
  connection: Connection | undefined;
  session: Session;
  rings: Rings;
  /** What waits while it is lost, for a device that does not resume. */
  mailbox: Mailbox | undefined;
  /** The calls of a device that does. */
  streams: EventStreams | undefined;
  /** Nobody knows what it was told before it was held here, and it has not come back yet. */
  isLate: boolean;
  /** The calls of which it knows that they were accepted, once that may be told again. */
  accepted: Set<CallId> | undefined;
}

/** To a device that does not resume. */
export function write(held: Held, text: string): void {
  if (held.connection?.isOpen) held.connection.write(text);
  else {
    held.mailbox ??= new Mailbox();
    held.mailbox.push(text);
  }
}

/** Whether its connection is there. */
export function isOpen({ connection }: Held): boolean {
  return connection?.isOpen ?? false;
}

/** Whether the device can take the message, and knows what it is about. A ring is never kept: it is made again. */
export function isFor<E extends ServerEvent>(held: Held, event: E, payload: ServerPayloads[E]): boolean {
  switch (event) {
    case 'ice_candidate':
      // legacy devices hand every candidate to `new RTCIceCandidate`, which throws on null
      return !(held.session.legacy && (payload as ServerPayloads['ice_candidate']).candidate === null);
    case 'incoming_call':
      return held.rings.ring((payload as ServerPayloads['incoming_call']).callId, isOpen(held));
    case 'call_accepted':
      return isFirst(held.accepted, (payload as ServerPayloads['call_accepted']).callId);
    case 'call_ended':
      return held.rings.end((payload as ServerPayloads['call_ended']).callId);
    case 'call_status':
      return !held.rings.isMissed((payload as ServerPayloads['call_status']).callId);
    default:
      return true;
  }
}
