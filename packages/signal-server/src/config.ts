import { DEFAULT_OPTIONS } from 'signal-core';
import { SETTING_NAMES, SETTINGS } from './flags.js';
import { UsageError } from './usage-error.js';

/** Everything that the standalone server can be told. */
export interface ServerConfig {
  /** TCP port; 0 takes a free one. @default 3001, where the deployed clients look */
  port: number;
  /** Address to listen on. @default this machine only (127.0.0.1 and, where present, ::1), since `open` asks nobody who they are */
  host: string | undefined;
  /** Who may log in. `open`: anybody, under any name. @default 'open' */
  auth: 'open';
  /** Origins of the web pages that may use this server, or `*`. @default http://localhost:5173, the address of Vite */
  corsOrigin: readonly string[] | '*';
  /** Path of the Socket.IO endpoint. @default as in signal-core */
  path: string;
  /** Milliseconds until a ringing call ends as not answered. @default as in signal-core */
  ringTimeoutMs: number;
  /** Milliseconds that a call waits for a device that lost its connection. @default as in signal-core */
  graceMs: number;
  /** Live calls that one user may be in. @default as in signal-core */
  maxCallsPerUser: number;
  /** The least important log lines to write. @default 'info' */
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** `auto`: pretty on a terminal, JSON otherwise. @default 'auto' */
  logFormat: 'auto' | 'pretty' | 'json';
}

/** The defaults: those of signal-core, and those that only a standalone server needs. */
export const DEFAULT_CONFIG: Readonly<ServerConfig> = Object.freeze({
  port: 3001,
  host: undefined,
  auth: 'open',
  corsOrigin: Object.freeze(['http://localhost:5173']),
  path: DEFAULT_OPTIONS.path,
  ringTimeoutMs: DEFAULT_OPTIONS.ringTimeoutMs,
  graceMs: DEFAULT_OPTIONS.graceMs,
  maxCallsPerUser: DEFAULT_OPTIONS.maxCallsPerUser,
  logLevel: 'info',
  logFormat: 'auto',
});

/** What was written where. */
export interface ConfigInput {
  /** Flags by setting, as written. */
  flags?: Readonly<{ [K in keyof ServerConfig]?: string }>;
  /** The environment; an empty variable counts as not set. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The parsed config file. */
  file?: { path: string; values: Readonly<Record<string, unknown>> } | undefined;
}

export interface ResolvedConfig {
  config: ServerConfig;
  /** Where each value comes from: `default`, `file PATH`, `env PORT` or `flag --port`. */
  sources: Record<keyof ServerConfig, string>;
}

/**
 * Decides every setting: defaults < config file < environment < flags. Reads nothing but its argument.
 *
 * @throws UsageError one line that names the flag, variable or file key, the value, and what is expected
 */
export function resolveConfig({ flags = {}, env = {}, file }: ConfigInput): ResolvedConfig {
  if (file) refuseUnknownKeys(file.path, file.values);
  const config: Partial<Record<keyof ServerConfig, unknown>> = {};
  const sources: Partial<Record<keyof ServerConfig, string>> = {};
  for (const name of SETTING_NAMES) {
    const { flag, env: variable, type } = SETTINGS[name];
    const flagText = flags[name];
    const envText = env[variable];
    if (flagText !== undefined) {
      config[name] = type.fromText(flagText) ?? refuse(flag, flagText, type.expects);
      sources[name] = `flag ${flag}`;
    } else if (envText) {
      config[name] = type.fromText(envText) ?? refuse(variable, envText, type.expects);
      sources[name] = `env ${variable}`;
    } else if (file && Object.hasOwn(file.values, name)) {
      config[name] =
        type.fromJson(file.values[name]) ?? refuse(`${file.path}: ${name}`, file.values[name], type.expects);
      sources[name] = `file ${file.path}`;
    } else {
      config[name] = DEFAULT_CONFIG[name];
      sources[name] = 'default';
    }
  }
  // Each name got a value that the type of its setting read, or its default.
  return { config: config as ServerConfig, sources: sources as Record<keyof ServerConfig, string> };
}

function refuseUnknownKeys(path: string, values: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(values).filter((key) => !Object.hasOwn(SETTINGS, key));
  if (unknown.length === 0) return;
  throw new UsageError(`${path}: unknown key ${JSON.stringify(unknown[0])}; the keys are ${SETTING_NAMES.join(', ')}`);
}

function refuse(where: string, value: unknown, expects: string): never {
  throw new UsageError(`${where}: ${JSON.stringify(value)} must be ${expects}`);
}
