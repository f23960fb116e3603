import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Logger, SignalingServer } from 'signal-core';
import { chooseStores } from './choose-stores.js';
import { completeOptions, type GivenOptions } from './complete-options.js';
import { createHttpApp } from './http-app.js';
import { type Listening, listen } from './listen.js';
import { createLogger } from './logger.js';
import { trackSockets } from './open-sockets.js';
import { servesPage } from './page-setting.js';
import { probes } from './probes.js';
import { servePage } from './serve-page.js';
import { urlOf } from './server-url.js';
import { signalingOptions } from './signaling-options.js';
import { readTls } from './tls.js';
import { createPasswordCheck } from './users/password-check.js';
import { watchUsers } from './users/watch-users.js';

/** What a slow or lavish HTTP client may take; Node's own defaults let 38 s pass before it notices 8. */
const HTTP_LIMITS = { headersTimeout: 8_000, connectionsCheckingInterval: 500, requestTimeout: 30_000 };
const MAX_HEADERS = 64;

/** Milliseconds over which connections are closed where other servers take them: a tenth of them a second. */
const PARTING_MS = 10_000;

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
  /** Whether `/` is the call page. */
  readonly hasPage: boolean;
  /** The URL for clients on this machine. @throws Error unless listening */
  readonly url: string;
  /**
   * Starts to accept connections.
   *
   * @returns the URL for clients on this machine
   * @throws UsageError when the port, the address or the users file cannot be had, in one line that says what to do
   * @throws UnreachableError when Redis is not there in 5 s, in the same way
   */
  listen(): Promise<string>;
  /** Tells clients, closes their connections and stops listening; with Redis it takes its time. Idempotent. */
  close(): Promise<void>;
}

/**
 * Makes the server that the command `signal-server` runs, for use from code. It installs no process handlers and never exits.
 *
 * @throws TypeError for a wrong option, naming it and its value
 * @throws UsageError for a certificate that cannot be used
 */
export function createStandaloneServer(options: StandaloneOptions): StandaloneServer {
  const { logger: given, ...settings } = options;
  const config = completeOptions(settings);
  const logger = given ?? createLogger({ ...config, terminal: process.stdout.isTTY });
  if (config.auth === 'passwords' && config.secret === undefined) {
    logger.warn({}, 'no SIGNAL_SECRET: one was made up, and every login ends with this process');
  }
  const tls = readTls(config);
  const passwords = config.users === undefined ? undefined : createPasswordCheck(config.users, logger);
  const shared = chooseStores(config, logger);
  const signaling = new SignalingServer(signalingOptions(config, { passwords, logger }), shared.parts);
  const router = probes(() => signaling.readiness).use(signaling.router());
  const isProduction = process.env.NODE_ENV === 'production';
  const page = servesPage(config, isProduction) ? servePage(config.path, logger) : undefined;
  const app = createHttpApp(router, { logger, isSecure: tls !== undefined, page });
  const httpServer = tls ? createSecureServer({ ...HTTP_LIMITS, ...tls }, app) : createServer(HTTP_LIMITS, app);
  httpServer.maxHeadersCount = MAX_HEADERS;
  signaling.attach(httpServer);
  const cutSockets = trackSockets(httpServer);

  let opening: Promise<Listening> | undefined;
  let addresses: readonly AddressInfo[] = [];
  let closed: Promise<void> | undefined;
  let stopWatching = () => {};

  const url = (): string => {
    const [first] = addresses;
    if (!first) throw new Error('not listening: await listen() first');
    return urlOf(config.host === undefined ? { address: 'localhost', port: first.port } : first, tls && 'https');
  };

  const start = async (): Promise<Listening> => {
    await shared.ready();
    if (passwords !== undefined) {
      await passwords.load();
      stopWatching = watchUsers(passwords.load, (stale) => signaling.revoke(stale), logger);
    }
    return listen(httpServer, config.port, config.host);
  };

  const open = async (): Promise<string> => {
    if (closed) throw new Error('this server is closed; create another');
    opening ??= start();
    ({ addresses } = await opening);
    return url();
  };

  const close = async (): Promise<void> => {
    const listening = await opening?.catch(() => undefined);
    addresses = [];
    stopWatching();
    // First the clients: one that polls has to come back once more to hear of it.
    const parting = { reconnectAfterMs: 0, waitMs: config.drainMs, overMs: PARTING_MS };
    await signaling.close(shared.parts.stores && parting).finally(shared.close);
    const gone = listening?.close();
    httpServer.closeIdleConnections();
    const timer = setTimeout(cutSockets, LAST_CONNECTIONS_MS);
    await gone;
    clearTimeout(timer);
  };

  return {
    signaling,
    httpServer,
    hasPage: page !== undefined,
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
