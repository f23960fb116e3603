import type { RestoreClaim } from '../domain/restore-call.js';

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
}
