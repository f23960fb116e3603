import type { Logger } from 'signal-core';

/** npm and the terminal both deliver Ctrl-C: a repeat this soon, in milliseconds, is the same request. */
const SAME_SIGNAL_MS = 1000;

export interface ShutdownOptions {
  /** Tells clients and closes everything. */
  close(): Promise<void>;
  /** Ends the process. */
  exit(code: number): void;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/**
 * What a signal does: the first closes and exits 0; a repeat within 1 s is the same one, delivered twice;
 * a later one exits 1 at once.
 */
export function createShutdown({ close, exit, logger, now }: ShutdownOptions): (signal: string) => void {
  let firstAt: number | undefined;
  return (signal) => {
    if (firstAt !== undefined) {
      if (now() - firstAt < SAME_SIGNAL_MS) return;
      logger.warn({ signal }, 'signaled again: exiting at once');
      exit(1);
      return;
    }
    firstAt = now();
    logger.info({ signal }, 'shutting down');
    close().then(
      () => {
        logger.info({ signal }, 'stopped');
        exit(0);
      },
      (err: unknown) => {
        logger.error({ err }, 'shutdown failed');
        exit(1);
      },
    );
  };
}
