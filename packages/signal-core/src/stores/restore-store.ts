import type { User } from '../domain/call.js';
import type { CallId } from '../domain/ids.js';
import type { RestoreClaim } from '../domain/restore-call.js';

/** How many claims one user may have; one more takes the place of the oldest. */
export const MAX_CLAIMS = 32;

/** Claims to calls that the server lost, until the other party makes its own. */
export interface RestoreStore {
  /**
   * Files a claim in place of the user's former one to the same call, and looks for the other party's, in one step:
   * of two that come at once, one finds the other.
   *
   * @param now - epoch milliseconds
   * @param until - when it lapses, in epoch milliseconds
   * @returns the live claim of the user that this one names as its peer
   */
  file(claim: RestoreClaim, now: number, until: number): Promise<RestoreClaim | undefined>;
  /** Takes a user's claim to a call back. @returns whether there was one, lapsed or not */
  withdraw(callId: CallId, user: Pick<User, 'id'>): Promise<boolean>;
}
