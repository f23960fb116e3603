import type { UserId } from '../../domain/ids.js';
import type { RestoreClaim } from '../../domain/restore-call.js';
import type { RestoreStore } from '../restore-store.js';

interface Filed {
  claim: RestoreClaim;
  until: number;
}

/** Claims in the memory of one process. */
export class MemoryRestoreStore implements RestoreStore {
  /** By call and user. The key of a claim that is filed again moves to the end, so the oldest come first. */
  readonly #filed = new Map<string, Filed>();

  async file(claim: RestoreClaim, now: number, until: number): Promise<RestoreClaim | undefined> {
    this.#forgetLapsed(now);
    const key = keyOf(claim.callId, claim.user.id);
    this.#filed.delete(key);
    this.#filed.set(key, { claim, until });
    const other = this.#filed.get(keyOf(claim.callId, claim.peer));
    return other !== undefined && other.until > now ? other.claim : undefined;
  }

  #forgetLapsed(now: number): void {
    for (const [key, { until }] of this.#filed) {
      if (until > now) return;
      this.#filed.delete(key);
    }
  }
}

/** Call ids hold no `/`. */
function keyOf(callId: string, user: UserId): string {
  return `${callId}/${user}`;
}
