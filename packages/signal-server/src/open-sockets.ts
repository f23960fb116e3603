import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps account of the connections of a server: Node's closeAllConnections() forgets those that were upgraded.
 *
 * @returns cuts them all
 */
export function trackSockets(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}
