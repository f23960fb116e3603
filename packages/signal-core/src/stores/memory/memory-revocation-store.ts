import type { UserId } from '../../domain/ids.js';
import type { Revocation } from '../../domain/revocation.js';
import { Revocations } from '../../domain/revocations.js';
import type { RevocationNews, RevocationStore } from '../revocation-store.js';

/** What was taken back, in the memory of one process. */
export class MemoryRevocationStore implements RevocationStore {
  readonly #revocations = new Revocations();
  readonly #numbers = new WeakMap<Revocation, number>();
  #last = 0;

  async add(revocations: readonly Revocation[]): Promise<void> {
    for (const given of revocations) {
      const revocation = { ...given };
      this.#last += 1;
      if (this.#revocations.add(revocation)) this.#numbers.set(revocation, this.#last);
    }
  }

  async of(userId: UserId, jti?: string): Promise<Revocation[]> {
    const found = this.#revocations.of({ id: userId, ...(jti !== undefined && { jti }) });
    return found.map((revocation) => ({ ...revocation }));
  }

  async since(cursor: number): Promise<RevocationNews> {
    const isNew = (revocation: Revocation) => (this.#numbers.get(revocation) ?? 0) > cursor;
    const revocations = this.#revocations.all().filter(isNew);
    return { revocations: revocations.map((revocation) => ({ ...revocation })), cursor: this.#last };
  }
}
