import { ConnectFailure, type SignalingError } from 'signal-core/client';
import { Failure } from '../failure.js';
import type { Settings } from '../settings.js';
import { refused, unreachable } from './rest.js';

/** What a person can do about a connection that cannot be made, or is gone for good. */
export function connectionFailure({ url, path }: Settings, { code, message, cause }: SignalingError): Failure {
  if (code !== 'unavailable') return refused(url, `${code}, ${message}`);
  if (!(cause instanceof ConnectFailure)) return new Failure('unreachable', message);
  if (cause.status === 404) {
    const where = `${url.origin}${path}`;
    return new Failure('unreachable', `nothing at ${where} (HTTP 404): another Socket.IO path? see --path`);
  }
  return unreachable(url, cause.status === undefined ? cause.cause : new Error(cause.message));
}
