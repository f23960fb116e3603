import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import express from 'express';
import { type WebSocket, WebSocketServer } from 'ws';

/** How long the host's own WebSocket path takes to accept: it asks a database who that is. */
export const SLOW_UPGRADE_MS = 1_500;

/** A program that had an http server long before it knew of us. */
export interface Host {
  server: Server;
  /** Adds the host's own listeners. */
  listen(): unknown;
}

const pathOf = (req: IncomingMessage) => req.url?.split('?')[0];

/** The host's own echo WebSocket on /own, accepted after a while; other upgrades go to `unknown`. */
function ownWebSocket(server: Server, unknown: (socket: Duplex) => void): void {
  const wss = new WebSocketServer({ noServer: true });
  wss.on('connection', (ws: WebSocket) => ws.on('message', (data) => ws.send(`echo ${data}`)));
  server.on('upgrade', (req, socket, head) => {
    if (pathOf(req) !== '/own') return unknown(socket);
    const delay = req.url?.includes('slow') ? SLOW_UPGRADE_MS : 0;
    setTimeout(() => wss.handleUpgrade(req, socket, head, (ws) => wss.emit('connection', ws, req)), delay);
  });
}

/** Express: a route of its own, and a 404 for everything it does not know, polling included. */
function expressApp() {
  const app = express();
  app.get('/own-route', (_, res) => res.send('the host'));
  app.use((_, res) => res.status(404).send('no such page'));
  return app;
}

/** The hosts of the world, by what they do with what they do not know. */
export const HOSTS = {
  'an Express app with a 404 for the rest': () => {
    const server = createServer();
    const listen = () => {
      server.on('request', expressApp());
      ownWebSocket(server, () => {});
    };
    return { server, listen };
  },
  'a host that answers every request itself': () => {
    const server = createServer();
    const listen = () => {
      server.on('request', (_, res) => res.end('the host'));
      ownWebSocket(server, () => {});
    };
    return { server, listen };
  },
  'a host that destroys unknown upgrades': () => {
    const server = createServer();
    const listen = () => {
      server.on('request', expressApp());
      ownWebSocket(server, (socket) => socket.destroy());
    };
    return { server, listen };
  },
  'a host without an upgrade listener': () => {
    const server = createServer();
    return { server, listen: () => server.on('request', expressApp()) };
  },
} satisfies Record<string, () => Host>;

export type HostKind = keyof typeof HOSTS;
// Object.keys forgets the names, which are those of the object above.
export const HOST_KINDS = Object.keys(HOSTS) as HostKind[];

/** Everything that attaching could leave behind on a server. */
export function traces(server: Server) {
  return {
    listeners: server.eventNames().map((name) => [name, [...server.rawListeners(name)]]),
    properties: Reflect.ownKeys(server),
    emit: server.emit,
    on: server.on,
    maxListeners: server.getMaxListeners(),
    timeouts: [server.timeout, server.headersTimeout, server.requestTimeout, server.keepAliveTimeout],
  };
}
