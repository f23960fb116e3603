import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import { LIMITS } from './limits.js';

const USERNAME_NAMESPACE = '7f3a5c0e-64d1-5b0c-9a8e-3d1d2f6b8c11';

/** User ids are opaque printable ASCII without spaces: UUIDs, `auth0|…`, e-mail addresses, URNs. */
export const userIdSchema = z
  .string()
  .regex(new RegExp(`^[\\x21-\\x7e]{1,${LIMITS.userIdLength}}$`), `must be 1 to ${LIMITS.userIdLength} printable ASCII`)
  .describe('A user id.');

/** Call and device ids are URL-safe. */
export const opaqueIdSchema = z
  .string()
  .regex(new RegExp(`^[\\w.~-]{1,${LIMITS.idLength}}$`), `must be 1 to ${LIMITS.idLength} letters, digits or . _ ~ -`);

/** Usernames are any script, whole characters, no control characters, and not blank. The length is judged first, and alone. */
export const usernameSchema = z
  .string()
  .max(LIMITS.usernameLength, { abort: true })
  .refine((name) => name.trim() !== '' && !/[\p{Cc}\p{Cs}]/u.test(name), 'must not be blank or hold control characters')
  .describe('Any script; not blank, no control characters.');

/**
 * The id of a username in `open` mode: the same on every node and after a restart.
 *
 * @param username - as typed at login
 * @returns a UUIDv5 of the name (RFC 9562, section 5.5)
 * @see SPEC.md, rule REST-4
 */
export function userIdOf(username: string): string {
  return uuidv5(username, USERNAME_NAMESPACE);
}
