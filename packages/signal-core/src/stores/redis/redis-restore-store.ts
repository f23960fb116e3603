import type { User } from '../../domain/call.js';
import type { CallId } from '../../domain/ids.js';
import type { RestoreClaim } from '../../domain/restore-call.js';
import { MAX_CLAIMS, type RestoreStore } from '../restore-store.js';
import { EXPIRY_MARGIN_MS, type ScopeKeys } from './keys.js';
import { FILE_CLAIM } from './lua/file-claim.js';
import { WITHDRAW_CLAIM } from './lua/withdraw-claim.js';
import { fromRecord, toRecord } from './record.js';
import type { RedisLink } from './redis-link.js';

/** Claims in Redis. */
export class RedisRestoreStore implements RestoreStore {
  readonly #link: RedisLink;
  readonly #keys: ScopeKeys;

  constructor(link: RedisLink, keys: ScopeKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  async file(claim: RestoreClaim, now: number, until: number): Promise<RestoreClaim | undefined> {
    const keys = [this.#keys.claims(claim.user.id), this.#keys.claims(claim.peer)];
    const args = [claim.callId, toRecord(claim), now, until, MAX_CLAIMS, EXPIRY_MARGIN_MS];
    const found = await this.#link.run(FILE_CLAIM, keys, args);
    // only `file` writes here
    return typeof found === 'string' ? (fromRecord(found) as RestoreClaim) : undefined;
  }

  async withdraw(callId: CallId, { id }: Pick<User, 'id'>): Promise<boolean> {
    return (await this.#link.run(WITHDRAW_CLAIM, [this.#keys.claims(id)], [callId])) === 1;
  }
}
