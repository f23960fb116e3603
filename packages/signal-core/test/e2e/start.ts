import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { SignalingServer, type SignalingServerOptions } from 'signal-core';

export interface TestServer {
  url: string;
  server: Server;
  signaling: SignalingServer;
  close(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `http://127.0.0.1:${address.port}`;
}

/** Closes an http server together with whatever still hangs on it. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** An Express app with the router in it, and the signaling server attached: what most hosts look like. */
export async function start(options: Partial<SignalingServerOptions> = {}): Promise<TestServer> {
  const signaling = new SignalingServer({ auth: 'open', ...options });
  const app = express();
  app.use(signaling.router());
  const server = createServer(app);
  signaling.attach(server);
  const url = await listen(server);
  const close = async () => {
    await signaling.close();
    await stopListening(server);
  };
  return { url, server, signaling, close };
}
