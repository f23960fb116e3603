import { isIP } from 'node:net';
import type { Origins } from '../options.js';

interface OriginRequest {
  /** The `Origin` header; native clients send none. */
  origin: string | undefined;
  host: string | undefined;
  isEncrypted: boolean;
}

/**
 * Whether a request may connect. CORS does not cover WebSocket, so this is asked for every transport.
 *
 * @see SPEC.md, rule HOST-9
 */
export function isAllowedOrigin({ origin, host, isEncrypted }: OriginRequest, origins: Origins): boolean {
  if (origin === undefined || origins === '*' || origins.includes(origin)) return true;
  if (origin !== `${isEncrypted ? 'https' : 'http'}://${host}` || !URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || isListedHost(hostname, origins);
}

function isListedHost(hostname: string, origins: readonly string[]): boolean {
  return origins.some((origin) => URL.canParse(origin) && new URL(origin).hostname === hostname);
}
