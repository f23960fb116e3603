import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { SignalingServer, type SignalingServerOptions } from 'signal-core';

export interface TestServer {
  url: string;
  signaling: SignalingServer;
  /** Cuts every connection, as a network does. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** A real server on a free port of the loopback interface. */
export async function startServer(options: Partial<SignalingServerOptions> = {}): Promise<TestServer> {
  const signaling = new SignalingServer({ auth: 'open', ...options });
  const handler = signaling.handler();
  const http = createServer((request, response) => handler(request, response));
  signaling.attach(http);
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const url = await listen(http);
  return {
    url,
    signaling,
    dropConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      await signaling.close();
      await stop(http);
    },
  };
}

/** Something that listens and is no signaling server, or half of one. */
export async function startForeignServer(listener: RequestListener): Promise<{ url: string; http: Server }> {
  const http = createServer(listener);
  return { url: await listen(http), http };
}

export async function listen(http: Server): Promise<string> {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

export async function stop(http: Server): Promise<void> {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
}

/** An address at which nobody listens: a port that was free a moment ago. */
export async function deadUrl(): Promise<string> {
  const { url, http } = await startForeignServer(() => {});
  await stop(http);
  return url;
}
