import type { UserId } from '../domain/ids.js';
import type { Logger } from '../log.js';
import type { RevokeTarget } from './authenticator.js';
import type { Identity } from './identity.js';

/** How many are remembered of each kind: some 20 MB, and more than a host takes back by hand. */
const MAX_REMEMBERED = 100_000;

/**
 * Credentials that were taken back, for as long as this process lives.
 *
 * @see SPEC.md, rule AUTH-13
 */
export class Revocations {
  readonly #log: Logger;
  readonly #tokens = new Map<string, number>();
  readonly #users = new Map<UserId, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param at - epoch milliseconds */
  add(target: RevokeTarget, at: number): void {
    if ('userId' in target) {
      const before = this.#users.get(target.userId) ?? Number.NEGATIVE_INFINITY;
      this.#remember(this.#users, target.userId, Math.max(before, target.issuedBefore ?? at));
    } else this.#remember(this.#tokens, target.jti, at);
  }

  /**
   * Whether the credentials were taken back: by their own name, or with all of their user's until then.
   *
   * @param undated - when they were issued, in epoch milliseconds, if they do not tell
   */
  has({ id, jti, issuedAt }: Identity, undated = Number.POSITIVE_INFINITY): boolean {
    if (jti !== undefined && this.#tokens.has(jti)) return true;
    const until = this.#users.get(id);
    return until !== undefined && (issuedAt ?? undated) <= until;
  }

  #remember(all: Map<string, number>, name: string, at: number): void {
    all.delete(name);
    all.set(name, at);
    if (all.size <= MAX_REMEMBERED) return;
    const [oldest] = all.keys();
    if (oldest !== undefined) all.delete(oldest);
    this.#log.warn({ remembered: MAX_REMEMBERED }, 'too many revocations: the oldest is forgotten');
  }
}
