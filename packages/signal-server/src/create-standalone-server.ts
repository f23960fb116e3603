import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Logger, SignalingServer } from 'signal-core';
import { completeOptions, type GivenOptions } from './complete-options.js';
import { createHttpApp } from './http-app.js';
import { type Listening, listen } from './listen.js';
import { createLogger } from './logger.js';
import { urlOf } from './server-url.js';

/** What a slow or lavish HTTP client may take; Node's own defaults let 38 s pass before it notices 8. */
const HTTP_LIMITS = { headersTimeout: 8_000, connectionsCheckingInterval: 1_000, requestTimeout: 30_000 };
const MAX_HEADERS = 64;

/** Milliseconds that requests under way, and clients that do not hang up, have after `close()`. */
const LAST_CONNECTIONS_MS = 1_000;

export interface StandaloneOptions extends GivenOptions {
  /** Where logs go. @default pino on standard output, as `logLevel` and `logFormat` say */
  logger?: Logger;
}

/** A whole signaling server: HTTP, REST and Socket.IO. */
export interface StandaloneServer {
  readonly signaling: SignalingServer;
  readonly httpServer: Server;
  /** The addresses it listens on; empty unless listening. */
  readonly addresses: readonly string[];
  /** The URL for clients on this machine. @throws Error unless listening */
  readonly url: string;
  /**
   * Starts to accept connections.
   *
   * @returns the URL for clients on this machine
   * @throws UsageError when the port or the address cannot be had, in one line that says what to do
   */
  listen(): Promise<string>;
  /** Tells clients, closes their connections and stops listening. Idempotent. */
  close(): Promise<void>;
}

/**
 * Makes the server that the command `signal-server` runs, for use from code. It installs no process handlers and never exits.
 *
 * @throws TypeError for a wrong option, naming it and its value
 */
export function createStandaloneServer(options: StandaloneOptions): StandaloneServer {
  const { logger: given, ...settings } = options;
  const config = completeOptions(settings);
  const logger = given ?? createLogger({ ...config, terminal: process.stdout.isTTY });
  const signaling = new SignalingServer({
    auth: config.auth,
    path: config.path,
    origins: config.corsOrigin,
    ringTimeoutMs: config.ringTimeoutMs,
    graceMs: config.graceMs,
    maxCallsPerUser: config.maxCallsPerUser,
    logger,
  });
  const httpServer = createServer(HTTP_LIMITS, createHttpApp(signaling.router(), logger));
  httpServer.maxHeadersCount = MAX_HEADERS;
  signaling.attach(httpServer);

  // Node's closeAllConnections() forgets those that were upgraded.
  const sockets = new Set<Socket>();
  httpServer.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  let opening: Promise<Listening> | undefined;
  let addresses: readonly AddressInfo[] = [];
  let closed: Promise<void> | undefined;

  const url = (): string => {
    const [first] = addresses;
    if (!first) throw new Error('not listening: await listen() first');
    return config.host === undefined ? `http://localhost:${first.port}` : urlOf(first);
  };

  const open = async (): Promise<string> => {
    if (closed) throw new Error('this server is closed; create another');
    opening ??= listen(httpServer, config.port, config.host);
    ({ addresses } = await opening);
    return url();
  };

  const close = async (): Promise<void> => {
    const listening = await opening?.catch(() => undefined);
    addresses = [];
    // First the clients: one that polls has to come back once more to hear of it.
    await signaling.close();
    const gone = listening?.close();
    httpServer.closeIdleConnections();
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, LAST_CONNECTIONS_MS);
    await gone;
    clearTimeout(timer);
  };

  return {
    signaling,
    httpServer,
    get addresses() {
      return addresses.map(({ address }) => address);
    },
    get url() {
      return url();
    },
    listen: open,
    close() {
      closed ??= close();
      return closed;
    },
  };
}
