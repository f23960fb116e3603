import type { User } from '../../domain/call.js';
import type { CallId, UserId } from '../../domain/ids.js';
import type { RestoreClaim } from '../../domain/restore-call.js';
import { MAX_CLAIMS, type RestoreStore } from '../restore-store.js';

interface Filed {
  claim: RestoreClaim;
  until: number;
}

/** Claims in the memory of one process. */
export class MemoryRestoreStore implements RestoreStore {
  /** Whoever filed last comes last, and so does the last claim of each. */
  readonly #byUser = new Map<UserId, Map<CallId, Filed>>();

  async file(claim: RestoreClaim, now: number, until: number): Promise<RestoreClaim | undefined> {
    this.#forgetLapsed(now);
    const { callId, user, peer } = claim;
    const own = this.#byUser.get(user.id) ?? new Map<CallId, Filed>();
    own.delete(callId);
    own.set(callId, { claim: structuredClone(claim), until });
    for (const oldest of own.keys()) if (own.size > MAX_CLAIMS) own.delete(oldest);
    this.#byUser.delete(user.id);
    this.#byUser.set(user.id, own);
    const other = this.#byUser.get(peer)?.get(callId);
    return other !== undefined && other.until > now ? structuredClone(other.claim) : undefined;
  }

  async withdraw(callId: CallId, { id }: Pick<User, 'id'>): Promise<boolean> {
    return this.#byUser.get(id)?.delete(callId) ?? false;
  }

  /** Whether it holds no claim, but perhaps lapsed ones. */
  isEmptyAt(now: number): boolean {
    this.#forgetLapsed(now);
    return this.#byUser.size === 0;
  }

  /** Users whose claims have all lapsed are forgotten, unless somebody filed longer before whose have not. */
  #forgetLapsed(now: number): void {
    for (const [userId, claims] of this.#byUser) {
      if ([...claims.values()].some(({ until }) => until > now)) return;
      this.#byUser.delete(userId);
    }
  }
}
