import { Connection } from '../session/connection.js';
import { identify } from '../session/identify.js';
import type { Identity } from '../session/rest.js';
import type { Observe } from '../session/timeline.js';
import { STEP_TIMEOUT_MS } from '../settings.js';
import type { Context } from './context.js';
import { untilStopped } from './until-stopped.js';

/** Does something as a joined user, and leaves again however it ends. */
export async function online<T>(
  context: Context,
  observe: Observe,
  use: (connection: Connection, identity: Identity) => Promise<T>,
): Promise<T> {
  const { settings, signal } = context;
  const timeoutMs = settings.timeout ?? STEP_TIMEOUT_MS;
  const identity = await identify(settings);
  const connection = new Connection({ url: settings.url, path: settings.path, identity, timeoutMs, observe });
  try {
    await Promise.race([connection.ready, untilStopped(connection, signal)]);
    return await use(connection, identity);
  } finally {
    await connection.close();
  }
}
