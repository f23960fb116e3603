import type { DisconnectReason } from 'socket.io';
import type { Connection } from './connection.js';

/** What the end of a connection means for the device that spoke over it. */
export type Departure = 'left' | 'lost' | 'nothing';

/** WebSocket close code of a page that is gone (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1001;

/**
 * Reads the end of a connection: a device that said goodbye left, one whose transport broke is lost.
 *
 * @see SPEC.md, rules LOSS-1 and LOSS-2
 */
export function departure(reason: DisconnectReason, { isDismissed, closeCode }: Connection): Departure {
  if (isDismissed || reason === 'server shutting down') return 'nothing';
  if (reason === 'client namespace disconnect' || closeCode === GOING_AWAY) return 'left';
  return 'lost';
}
