import type { Socket as EngineSocket } from 'engine.io';
import { CLOSE_TIMEOUT_MS } from './bounds/line.js';
import { rawWebSocketOf } from './wire.js';

/**
 * Closes the transports, once what was written to them is out. No Socket.IO disconnect is sent: after one,
 * clients would not come back.
 */
export async function closeConnections(connections: EngineSocket[]): Promise<void> {
  await Promise.all(connections.map(closeTransport));
}

function closeTransport(conn: EngineSocket): Promise<void> {
  const raw = rawWebSocketOf(conn);
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      raw?.terminate();
      resolve();
    }, CLOSE_TIMEOUT_MS);
    const done = () => {
      clearTimeout(cut);
      resolve();
    };
    if (raw === undefined) conn.once('close', done);
    else raw.prependOnceListener('close', done);
    conn.close();
  });
}
