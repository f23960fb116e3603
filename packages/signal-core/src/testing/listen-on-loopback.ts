import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface Listening {
  url: string;
  /** Ends whatever still hangs on the server, upgraded sockets included. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Listens on a free port of 127.0.0.1.
 *
 * @param server - that does not listen yet
 */
export async function listenOnLoopback(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `http://127.0.0.1:${address.port}`, stop };
}
