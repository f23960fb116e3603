import type { DisconnectReason } from 'socket.io';
import type { Connection, Departure } from './connection.js';

type DepartedConnection = Pick<Connection, 'dismissal' | 'saidGoodbye' | 'closeCode' | 'resumes'>;

/** WebSocket close code of a page that is gone (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1001;

/**
 * Reads the end of a connection: a device that said goodbye left, one whose transport broke is lost.
 *
 * @see SPEC.md, rules LOSS-1 and LOSS-2
 */
export function departure(reason: DisconnectReason, connection: DepartedConnection): Departure {
  if (connection.dismissal !== undefined) return connection.dismissal;
  if (reason === 'server shutting down') return 'nothing';
  if (connection.saidGoodbye) return 'left';
  // a page that resumes says goodbye itself; what else closes with this code may come back
  return connection.closeCode === GOING_AWAY && !connection.resumes ? 'left' : 'lost';
}
