import { createServer, type Server } from 'node:http';
import { type Logger, SignalingServer } from 'signal-core';
import { completeOptions, type GivenOptions } from './complete-options.js';
import { createHttpApp } from './http-app.js';
import { type Listening, listen } from './listen.js';
import { createLogger } from './logger.js';
import { urlOf } from './server-url.js';

/** What a slow or lavish HTTP client may take; Node's own defaults let 38 s pass before it notices 8. */
const HTTP_LIMITS = { headersTimeout: 8_000, connectionsCheckingInterval: 1_000, requestTimeout: 30_000 };
const MAX_HEADERS = 64;

/** Milliseconds that requests under way have to finish after `close()`. */
const LAST_REQUESTS_MS = 1_000;

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
    origins: config.corsOrigin === '*' ? '*' : [...config.corsOrigin],
    ringTimeoutMs: config.ringTimeoutMs,
    graceMs: config.graceMs,
    maxCallsPerUser: config.maxCallsPerUser,
    logger,
  });
  const httpServer = createServer(HTTP_LIMITS, createHttpApp(signaling.router(), logger));
  httpServer.maxHeadersCount = MAX_HEADERS;
  signaling.attach(httpServer);

  let listening: Listening | undefined;
  let closed: Promise<void> | undefined;
  const url = (): string => {
    const [first] = listening?.addresses ?? [];
    if (!first) throw new Error('not listening: await listen() first');
    return config.host === undefined ? `http://localhost:${first.port}` : urlOf(first);
  };

  const close = async (): Promise<void> => {
    await signaling.close();
    if (!listening) return;
    const gone = listening.close();
    listening = undefined;
    httpServer.closeIdleConnections();
    const timer = setTimeout(() => httpServer.closeAllConnections(), LAST_REQUESTS_MS);
    await gone.finally(() => clearTimeout(timer));
  };

  return {
    signaling,
    httpServer,
    get addresses() {
      return listening?.addresses.map(({ address }) => address) ?? [];
    },
    get url() {
      return url();
    },
    async listen() {
      listening ??= await listen(httpServer, config.port, config.host);
      return url();
    },
    close: () => (closed ??= close()),
  };
}
