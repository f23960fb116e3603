import type { Clock } from '../clock.js';
import type { UserId } from '../domain/ids.js';
import type { Revocation } from '../domain/revocation.js';
import type { Revocations } from '../domain/revocations.js';
import type { Limits } from '../limits.js';
import type { Logger } from '../log.js';
import type { ClosedAuthenticator } from './authenticator.js';

/** One way to find out who somebody is; revoked credentials and the length of a token are not its business. */
export type AuthScheme = Pick<ClosedAuthenticator, 'mode' | 'verify' | 'identify' | 'login'>;

/** What a scheme works with. */
export interface AuthParts {
  clock: Clock;
  log: Logger;
  /** What was taken back, as far as this server knows. */
  revocations: Revocations;
  /** What was taken back of a user, or of this name, as far as all servers know. */
  findRevocations(userId: UserId, jti?: string): Promise<Revocation[]>;
  limits: Pick<Limits, 'passwordChecks' | 'passwordChecksWaiting'>;
}
