import type { Connection } from './connection.js';

/** A newer connection of the same device has won. */
export function dismissReplaced(connection: Connection): void {
  connection.send('session_replaced', { message: 'another connection of this device has taken over' });
  connection.dismiss('nothing');
}
