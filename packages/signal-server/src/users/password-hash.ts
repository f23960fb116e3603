import { randomBytes } from 'node:crypto';

/** Native code, which only passwords need. */
const argon2 = () => import('@node-rs/argon2');

/** The least that OWASP's Password Storage Cheat Sheet asks of Argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** Characters that a password has at least (ASVS 5.0, 6.2.1). */
const MIN_CHARACTERS = 8;
const MAX_BYTES = 1024;

/** @returns an Argon2id hash, as a PHC string */
export async function hashPassword(password: string): Promise<string> {
  return (await argon2()).hash(password, COST);
}

export async function verifyPassword(hashed: string, password: string): Promise<boolean> {
  return (await argon2()).verify(hashed, password);
}

/** A hash that nobody knows a password for, and that costs as much to check as every other. */
export function nobodysHash(): string {
  const [salt, result] = [16, 32].map((bytes) => randomBytes(bytes).toString('base64').replace(/=+$/, ''));
  return `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${salt}$${result}`;
}

/** @returns what is wrong with a new password, if anything */
export function passwordFault(password: string): string | undefined {
  if (password === '') return 'the password is empty';
  if (/[\r\n]/.test(password)) return 'the password has more than one line';
  if ([...password].length < MIN_CHARACTERS) return `the password is too short: ${MIN_CHARACTERS} characters at least`;
  if (Buffer.byteLength(password) > MAX_BYTES) return `the password is too long: ${MAX_BYTES} bytes at most`;
  return undefined;
}
