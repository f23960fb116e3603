import { DEFAULT_OPTIONS } from 'signal-core';

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
