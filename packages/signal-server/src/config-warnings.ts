import { isReadableByOthers } from './config-file.js';
import { isSecret } from './flags.js';
import type { ServerConfig } from './server-config.js';

/** What is allowed, and should be thought over: each is one warning of the log. */
export function warningsOf(
  config: ServerConfig,
  file: { path: string; values: Readonly<Record<string, unknown>> } | undefined,
): string[] {
  const warnings: string[] = [];
  // its keys are those of the settings: others were refused
  const fileKeys = Object.keys(file?.values ?? {}) as (keyof ServerConfig)[];
  if (file !== undefined && fileKeys.some(isSecret) && isReadableByOthers(file.path)) {
    warnings.push(`${file.path} holds a secret, and others may read it: chmod 600 ${file.path}`);
  }
  if (config.tlsKey !== undefined && isReadableByOthers(config.tlsKey)) {
    warnings.push(`${config.tlsKey} is a private key, and others may read it: chmod 600 ${config.tlsKey}`);
  }
  if (config.auth !== 'open' && config.corsOrigin === '*') {
    warnings.push('--cors-origin *: any web page may use this server from the browser of who visits it; name your own');
  }
  if (config.icePolicy === 'relay-only' && config.turnUrls.length === 0) {
    warnings.push('--ice-policy relay-only without --turn-url: only clients with a TURN server of their own connect');
  }
  return warnings;
}

/** What the banner says to a person, for the log. */
export function openWarning(loopback: boolean): string {
  return loopback
    ? 'auth open: anybody on this machine logs in under any name'
    : 'OPEN: anybody who reaches this server logs in under any name, no password is checked; choose --auth passwords or --auth token';
}
