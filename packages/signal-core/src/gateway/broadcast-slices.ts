import type { Connection } from './connection.js';
import type { Prepared } from './wire.js';

/** How long a broadcast may hold the event loop, in milliseconds: calls go on between slices. */
const SLICE_MS = 2;
const CHECK_EVERY = 4;

/** Sends one prepared message to many connections, a slice by turn of the event loop. */
export function sendInSlices(connections: Connection[], message: Prepared, from = 0): void {
  const until = performance.now() + SLICE_MS;
  for (let index = from; index < connections.length; index += 1) {
    if (index > from && index % CHECK_EVERY === 0 && performance.now() > until) {
      setImmediate(() => sendInSlices(connections, message, index));
      return;
    }
    const connection = connections[index];
    if (connection?.isOpen) connection.writePrepared(message);
  }
}
