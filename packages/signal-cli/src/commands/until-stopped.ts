import { once } from 'node:events';
import { Failure } from '../failure.js';
import type { Connection } from '../session/connection.js';

/** Resolves at Ctrl-C or SIGTERM. */
export async function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** Never returns: ends with a `Failure` once the connection is gone for good. */
export async function untilLost(connection: Connection): Promise<never> {
  throw await connection.lost;
}

/** Never returns: ends with a `Failure` at Ctrl-C too. */
export async function untilStopped(connection: Connection, signal: AbortSignal): Promise<never> {
  await Promise.race([untilInterrupted(signal), untilLost(connection)]);
  throw new Failure('interrupted', 'interrupted');
}
