import type { UserId } from './ids.js';

/** Credentials that were taken back: all of a user that were issued until then (epoch milliseconds), or those that bear a name. */
export type Revocation = { userId: UserId; issuedBefore: number } | { jti: string };

/** What credentials say of themselves. */
export interface Dated {
  id: UserId;
  jti?: string;
  /** Epoch milliseconds. */
  issuedAt: number;
}

/** Whether they are among those that were taken back. */
export function isRevokedBy({ id, jti, issuedAt }: Dated, revocation: Revocation): boolean {
  if ('jti' in revocation) return revocation.jti === jti;
  return revocation.userId === id && issuedAt <= revocation.issuedBefore;
}

/** Whether it takes nothing back that the other does not. */
export function isWithin(revocation: Revocation, other: Revocation): boolean {
  if ('jti' in revocation) return 'jti' in other && revocation.jti === other.jti;
  return 'userId' in other && revocation.userId === other.userId && revocation.issuedBefore <= other.issuedBefore;
}
