import type { Server } from 'node:http';
import { PeerServer } from 'peer';

/** PeerJS's own server with its own defaults. */
export function startPeerJs(): Promise<Server> {
  return new Promise((resolve) => {
    // Without TLS options PeerServer makes a plain http server.
    PeerServer({ host: '127.0.0.1', port: 0 }, (server) => resolve(server as Server));
  });
}
