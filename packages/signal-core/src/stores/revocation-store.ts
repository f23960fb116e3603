import type { UserId } from '../domain/ids.js';
import type { Revocation } from '../domain/revocation.js';

/** What was added since somebody asked last. */
export interface RevocationNews {
  /** The oldest first; nothing when there is no more. */
  revocations: Revocation[];
  /** Where to go on. */
  cursor: number;
}

/**
 * Credentials that were taken back, in the order in which they were: the last {@link MAX_REVOCATIONS}.
 *
 * @see SPEC.md, rule STORE-13; `revocationStoreContract` in `signal-core/testing` checks it.
 */
export interface RevocationStore {
  /** Remembers them, all or none; of one user the latest time counts, whatever comes last. */
  add(revocations: readonly Revocation[]): Promise<void>;
  /** Those of a user, and those with this name. */
  of(userId: UserId, jti?: string): Promise<Revocation[]>;
  /** @param cursor - where somebody was; 0 for all that is remembered */
  since(cursor: number): Promise<RevocationNews>;
}
