import type { Clock } from '../clock.js';
import type { Limits } from '../limits.js';
import type { Logger } from '../log.js';
import type { ClosedAuthenticator } from './authenticator.js';

/** One way to find out who somebody is; revoked credentials and the length of a token are not its business. */
export type AuthScheme = Pick<ClosedAuthenticator, 'mode' | 'verify' | 'identify' | 'login'>;

/** What a scheme works with. */
export interface AuthParts {
  clock: Clock;
  log: Logger;
  limits: Pick<Limits, 'passwordChecks' | 'passwordChecksWaiting'>;
}
