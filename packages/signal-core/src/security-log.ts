import type { IncomingMessage } from 'node:http';
import type { RevokeTarget } from './auth/authenticator.js';
import { networkOf, type ReadClientAddress } from './client-address.js';
import type { Clock } from './clock.js';
import { LineQuota } from './line-quota.js';
import type { Logger } from './log.js';
import type { ErrorCode } from './protocol/errors.js';

/** Refusals of credentials, and of those who say that they are somebody else. */
const WATCHED: readonly ErrorCode[] = ['unauthorized', 'token_expired', 'identity_mismatch'];

/** A page may name its origin at any length. */
const MAX_ORIGIN = 200;

/**
 * Who came in, who was turned away, and from where: what whoever watches over the server wants to read. No credentials,
 * and no name that somebody typed, is in it.
 *
 * @see SPEC.md, rule AUTH-15
 */
export class SecurityLog {
  readonly #log: Logger;
  readonly #quota: LineQuota;
  readonly #readAddress: ReadClientAddress;

  constructor(log: Logger, readAddress: ReadClientAddress, clock: Clock) {
    this.#log = log;
    this.#quota = new LineQuota(clock);
    this.#readAddress = readAddress;
  }

  loggedIn(request: IncomingMessage, userId: string): void {
    this.#log.info({ userId, address: this.#readAddress(request).address }, 'logged in');
  }

  /**
   * Something was refused; only what is about credentials is told.
   *
   * @param what - the route or the event
   */
  refused(request: IncomingMessage, code: ErrorCode, what: string): void {
    if (WATCHED.includes(code)) this.#ofStranger('info', request, { code, what }, 'credentials refused');
  }

  /** Logins came too fast. */
  slowedDown(request: IncomingMessage): void {
    this.#ofStranger('warn', request, {}, 'too many logins');
  }

  originRefused(request: IncomingMessage): void {
    const origin = request.headers.origin?.slice(0, MAX_ORIGIN);
    this.#ofStranger('warn', request, { origin }, 'origin refused');
  }

  /** @param userId - whom the connection spoke for, if anybody */
  kicked(request: IncomingMessage, userId: string | undefined): void {
    this.#ofStranger('warn', request, userId === undefined ? {} : { userId }, 'kicked for flooding');
  }

  revoked(target: RevokeTarget, devices: number): void {
    this.#log.info({ ...target, devices }, 'credentials revoked');
  }

  /** Anybody can bring this about, as often as they like. */
  #ofStranger(level: 'info' | 'warn', request: IncomingMessage, fields: object, message: string): void {
    const { address } = this.#readAddress(request);
    const suppressed = this.#quota.take(networkOf(address));
    if (suppressed === undefined) return;
    this.#log[level]({ ...fields, address, ...(suppressed > 0 && { suppressed }) }, message);
  }
}
