import { type Dated, isRevokedBy, isWithin, type Revocation } from './revocation.js';

/** How many are remembered: some 50 MB in Redis, and more than a host takes back by hand. */
export const MAX_REVOCATIONS = 200_000;

/** What is known to be taken back; whatever came last comes last. */
export class Revocations {
  readonly #onForgotten: () => void;
  readonly #all = new Map<string, Revocation>();

  /** @param onForgotten - called when there are so many that the oldest made room for another */
  constructor(onForgotten: () => void = () => {}) {
    this.#onForgotten = onForgotten;
  }

  /** @returns whether it is new: nothing is when as much was taken back before */
  add(revocation: Revocation): boolean {
    const name = nameOf(revocation);
    const before = this.#all.get(name);
    if (before !== undefined && isWithin(revocation, before)) return false;
    this.#all.delete(name);
    this.#all.set(name, revocation);
    if (this.#all.size > MAX_REVOCATIONS) this.#forgetOldest();
    return true;
  }

  /** Those that may be about such credentials. */
  of({ id, jti }: Pick<Dated, 'id' | 'jti'>): Revocation[] {
    const names = [nameOf({ userId: id, issuedBefore: 0 }), ...(jti === undefined ? [] : [nameOf({ jti })])];
    return names.flatMap((name) => this.#all.get(name) ?? []);
  }

  has(credentials: Dated): boolean {
    return this.of(credentials).some((revocation) => isRevokedBy(credentials, revocation));
  }

  all(): Revocation[] {
    return [...this.#all.values()];
  }

  #forgetOldest(): void {
    const [oldest] = this.#all.keys();
    if (oldest !== undefined) this.#all.delete(oldest);
    this.#onForgotten();
  }
}

function nameOf(revocation: Revocation): string {
  return 'jti' in revocation ? `jti ${revocation.jti}` : `user ${revocation.userId}`;
}
