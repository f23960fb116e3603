import { banner } from './banner.js';
import { openWarning } from './config-warnings.js';
import { createStandaloneServer } from './create-standalone-server.js';
import { createLogger, isPretty } from './logger.js';
import type { ServerConfig } from './server-config.js';
import { isLoopback } from './server-url.js';
import { createShutdown } from './shutdown.js';

export interface ServeOptions {
  config: ServerConfig;
  /** Told in the log. */
  warnings: readonly string[];
  version: string;
  /** Ends the process. */
  exit(code: number): void;
}

/** Runs the server as a process: signals, the last resort for faults, and the announcement that it listens. */
export async function serve({ config, warnings, version, exit }: ServeOptions): Promise<void> {
  const terminal = process.stdout.isTTY === true;
  const logger = createLogger({ ...config, terminal });
  process.on('uncaughtException', (err, origin) => {
    logger.error({ err, origin }, 'uncaught: exiting');
    exit(1);
  });
  for (const warning of warnings) logger.warn({}, warning);
  const server = createStandaloneServer({ ...config, logger });
  const shutdown = createShutdown({ close: () => server.close(), exit, logger, now: () => performance.now() });
  process.on('SIGINT', shutdown).on('SIGTERM', shutdown);

  const url = await server.listen();
  const loopback = server.addresses.every(isLoopback);
  if (terminal && isPretty(config.logFormat, terminal)) {
    process.stdout.write(
      banner({ version, url, loopback, hasPage: server.hasPage, config }, process.stdout.hasColors()),
    );
  } else {
    // Whoever started the process waits for this line, whatever the level.
    logger.child({}, { level: 'info' }).info({ url, auth: config.auth, pid: process.pid }, 'listening');
    if (config.auth === 'open') logger.warn({}, openWarning(loopback));
  }
}
