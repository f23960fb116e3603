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
  if (config.icePolicy === 'relay-only' && config.turnUrls.length === 0) {
    warnings.push('--ice-policy relay-only without --turn-url: only clients with a TURN server of their own connect');
  }
  return warnings;
}
