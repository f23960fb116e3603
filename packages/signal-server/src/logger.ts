import { type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { ServerConfig } from './config.js';

/** Names of what a log never holds, wherever it turns up in the first three levels of a line. */
const SECRETS = ['password', 'token', 'authorization', 'cookie', 'sdp', 'offer', 'answer', 'candidate', 'candidates'];

const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LoggerOptions extends Pick<ServerConfig, 'logLevel' | 'logFormat'> {
  /** Is the output a terminal? Decides what `auto` means, and colours. */
  terminal: boolean;
  /** Where the lines go. @default standard output */
  destination?: NodeJS.WritableStream;
}

/** Structured logs: readable lines for people, one JSON object a line for machines, secrets blanked in both. */
export function createLogger({ logLevel, logFormat, terminal, destination }: LoggerOptions): Logger {
  const options = {
    level: logLevel,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    redact: { paths: REDACTED, censor: '[redacted]' },
  };
  if (!isPretty(logFormat, terminal)) return destination ? pino(options, destination) : pino(options);
  const colorize = terminal && !process.env.NO_COLOR;
  return pino(
    options,
    pretty({ colorize, translateTime: 'SYS:HH:MM:ss.l', singleLine: true, sync: true, destination: destination ?? 1 }),
  );
}

/** Whether the lines are for people. */
export function isPretty(logFormat: ServerConfig['logFormat'], terminal: boolean): boolean {
  return logFormat === 'pretty' || (logFormat === 'auto' && terminal);
}
