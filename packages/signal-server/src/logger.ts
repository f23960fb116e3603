import { type DestinationStream, destination, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { ServerConfig } from './server-config.js';
import { withoutSecrets } from './without-secrets.js';

export interface LoggerOptions extends Pick<ServerConfig, 'logLevel' | 'logFormat'> {
  /** Is the output a terminal? Decides what `auto` means, and colours. */
  terminal: boolean;
  /** Where the lines go. @default standard output */
  output?: DestinationStream;
}

/** Structured logs: readable lines for people, one JSON object a line for machines, secrets blanked in both. */
export function createLogger({ logLevel, logFormat, terminal, output }: LoggerOptions): Logger {
  const options = {
    level: logLevel,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }), log: withoutSecrets },
    serializers: { err: (it: unknown) => (it instanceof Error ? withoutSecrets(stdSerializers.err(it)) : it) },
  };
  // Written at once: what is still under way when the process ends would come last or never.
  const lines = output ?? destination({ dest: 1, sync: true });
  if (!isPretty(logFormat, terminal)) return pino(options, lines);
  const colorize = terminal && !process.env.NO_COLOR;
  const prettify = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
  return pino(options, { write: (line) => lines.write(prettify(line)) });
}

/** Whether the lines are for people. */
export function isPretty(logFormat: ServerConfig['logFormat'], terminal: boolean): boolean {
  return logFormat === 'pretty' || (logFormat === 'auto' && terminal);
}
