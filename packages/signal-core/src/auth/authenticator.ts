import type { IncomingMessage } from 'node:http';
import type { Identity } from './identity.js';

/** How a server finds out who somebody is. Gateway and REST ask the same one. */
export type Authenticator = OpenAuthenticator | ClosedAuthenticator;

/** Anybody is who they say they are. */
interface OpenAuthenticator {
  readonly mode: 'open';
}

/** Everybody shows credentials. */
export interface ClosedAuthenticator {
  readonly mode: 'token' | 'passwords';
  /**
   * Who holds a token.
   *
   * @throws SignalingError `unauthorized`, `token_expired`, or `unavailable` when nobody could tell in time, or whether
   * they were taken back
   */
  verify(token: string): Promise<Identity>;
  /**
   * Who sends a request, by what the host knows of it, such as the cookie of a session.
   *
   * @returns `undefined` for nobody, and without such a hook
   * @throws SignalingError `token_expired`, or `unavailable` when the host could not tell in time
   */
  identify(request: IncomingMessage): Promise<Identity | undefined>;
  /**
   * Whether credentials were taken back after they had been shown, as far as this server knows.
   *
   * @param identity - the very object that `verify` or `identify` gave
   */
  isRevoked(identity: Identity): boolean;
  /** Only where passwords are checked. */
  readonly login?: PasswordLogin;
}

/**
 * Whose credentials are taken back: all of a user that were issued until `issuedBefore` (epoch milliseconds, by default
 * now), or the ones that bear a `jti`.
 */
export type RevokeTarget = { userId: string; issuedBefore?: number } | { jti: string };

/**
 * Checks a password, and signs a token.
 *
 * @returns `undefined` for a wrong password as for a user who does not exist
 * @throws SignalingError `unavailable` when too many are being checked
 */
export type PasswordLogin = (
  username: string,
  password: string,
) => Promise<{ user: { id: string; username: string }; scope?: string; token: string } | undefined>;
