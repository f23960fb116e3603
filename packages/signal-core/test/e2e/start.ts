import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import express from 'express';
import { SignalingServer, type SignalingServerOptions } from 'signal-core';

export interface TestServer {
  url: string;
  server: Server;
  signaling: SignalingServer;
  close(): Promise<void>;
}

/** Listens on a free loopback port; `stop` also ends whatever still hangs on the server, upgraded sockets included. */
export async function listen(server: Server): Promise<{ url: string; stop(): Promise<void> }> {
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

/** An Express app with the router in it, and the signaling server attached: what most hosts look like. */
export async function start(options: Partial<SignalingServerOptions> = {}): Promise<TestServer> {
  const signaling = new SignalingServer({ auth: 'open', ...options });
  const app = express();
  app.use(signaling.router());
  const server = createServer(app);
  signaling.attach(server);
  const { url, stop } = await listen(server);
  const close = async () => {
    await signaling.close();
    await stop();
  };
  return { url, server, signaling, close };
}
