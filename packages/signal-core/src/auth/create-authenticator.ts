import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import type { AuthOptions } from './auth-options.js';
import type { Authenticator } from './authenticator.js';

/** Builds what the option `auth` asks for. */
export function createAuthenticator(auth: AuthOptions, _parts: { clock: Clock; log: Logger }): Authenticator {
  if (auth === 'open') return { mode: 'open' };
  throw new TypeError('not built yet');
}
