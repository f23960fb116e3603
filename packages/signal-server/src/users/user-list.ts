/** Somebody who can log in. */
export interface UserEntry {
  /** Follows from the name, so that a name keeps it, also when it was removed and added again. */
  id: string;
  username: string;
  /** Argon2id, as a PHC string. */
  hash: string;
  /** ISO time. */
  createdAt: string;
  /** ISO time at which the password was changed last, if ever. */
  changedAt?: string;
}

/** What a users file holds, by name. Names are compared exactly, as login does. */
export type UserList = ReadonlyMap<string, UserEntry>;

/** Since when a user has the password of today, in epoch milliseconds. */
export function passwordSince({ createdAt, changedAt = createdAt }: UserEntry): number {
  return Date.parse(changedAt);
}

/**
 * The list with no password newer than its first sight: a clock that was ahead where the file was changed must not keep
 * those out who log in since.
 *
 * @param before - the list as it was seen last
 * @param now - epoch milliseconds
 */
export function asSeen(list: UserList, before: UserList | undefined, now: number): UserList {
  const seen = [...list.values()].map((user) => {
    const known = before?.get(user.username);
    const firstSeen = known?.hash === user.hash ? passwordSince(known) : now;
    return passwordSince(user) > firstSeen ? { ...user, changedAt: new Date(firstSeen).toISOString() } : user;
  });
  return new Map(seen.map((user) => [user.username, user]));
}

const VERSION = 1;
const ARGON2ID = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;

/** @returns `undefined` when the text is no users file, or one that was damaged */
export function parseUserList(text: string): UserList | undefined {
  const { version, users } = Object(parseJson(text));
  if (version !== VERSION || !Array.isArray(users) || !users.every(isEntry)) return undefined;
  const list = new Map(users.map((entry) => [entry.username, entry]));
  return list.size === users.length ? list : undefined;
}

export function formatUserList(list: UserList): string {
  return `${JSON.stringify({ version: VERSION, users: [...list.values()] }, null, 2)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is UserEntry {
  const { id, username, hash, createdAt, changedAt = createdAt } = Object(value);
  return (
    [id, username].every(isText) &&
    [createdAt, changedAt].every(isTime) &&
    typeof hash === 'string' &&
    ARGON2ID.test(hash)
  );
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
