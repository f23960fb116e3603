import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { ServerConfig } from './server-config.js';
import { UsageError } from './usage-error.js';

/** Milliseconds that a client has for the handshake; Node's own default is 120 s. */
const HANDSHAKE_MS = 8_000;

/** What an HTTPS server needs besides what an HTTP server does. */
export type TlsOptions = Required<Pick<SecureContextOptions, 'cert' | 'key' | 'minVersion'>> & {
  handshakeTimeout: number;
};

/**
 * Reads certificate and key.
 *
 * @returns nothing when none is set
 * @throws UsageError when a file cannot be read, or the two do not fit
 * @see SPEC.md, rule SRV-19
 */
export function readTls({ tlsCert, tlsKey }: Pick<ServerConfig, 'tlsCert' | 'tlsKey'>): TlsOptions | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const cert = readPem('--tls-cert', tlsCert);
  const key = readPem('--tls-key', tlsKey);
  const options: TlsOptions = { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS };
  try {
    createSecureContext(options);
  } catch (cause) {
    const code = String(Object(cause).code ?? 'unknown');
    throw new UsageError(
      `--tls-cert ${tlsCert} and --tls-key ${tlsKey} are no certificate with its key, in PEM (${code})`,
      { cause },
    );
  }
  return options;
}

function readPem(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError(`${flag} ${path}: cannot be read (${Object(cause).code})`, { cause });
  }
}
