/** The part of pino's interface that is used; no SDP, candidate, token or password is ever logged. */
export interface Logger {
  /** What helps to find a fault. */
  debug(fields: object, message: string): void;
  /** A user came or went, a call took a turn: one line each. */
  info(fields: object, message: string): void;
  /** Something is off, and handled. */
  warn(fields: object, message: string): void;
  /** A fault: a listener, a hook or the server itself failed. */
  error(fields: object, message: string): void;
}

export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** A logger of the host that throws, as one whose stream is gone, harms nothing. */
export function guarded(logger: Logger): Logger {
  const quietly = (level: keyof Logger) => (fields: object, message: string) => {
    try {
      logger[level](fields, message);
    } catch {
      // there is nobody left to tell
    }
  };
  return { debug: quietly('debug'), info: quietly('info'), warn: quietly('warn'), error: quietly('error') };
}
