import type { Identity, Logger, PasswordOptions } from 'signal-core';
import { UsageError } from '../usage-error.js';
import { nobodysHash, verifyPassword } from './password-hash.js';
import { type ReadUsers, readUsers, versionOf } from './read-users.js';
import { asSeen, passwordSince, type UserEntry, type UserList } from './user-list.js';

export interface PasswordCheck {
  /** @throws UsageError when the users file is not there, or is not to be trusted */
  load(): Promise<UserList>;
  check: PasswordOptions['check'];
  isCurrent: NonNullable<PasswordOptions['isCurrent']>;
}

/**
 * Checks passwords, and the tokens that were given for them, against a users file, and sees its changes. A name that is
 * not in it costs as much as one that is.
 *
 * @param verify - how a hash is checked
 * @see SPEC.md, rules AUTH-7 and SRV-18
 */
export function createPasswordCheck(path: string, log: Pick<Logger, 'error'>, verify = verifyPassword): PasswordCheck {
  const dummy = nobodysHash();
  let read: ReadUsers | undefined;

  const load = async (): Promise<UserList> => {
    if (read !== undefined && read.version === (await versionOf(path).catch(() => ''))) return read.list;
    const now = await readUsers(path);
    if (now === undefined) {
      throw new UsageError(`${path}: there is no users file; make it: signal-server user add NAME --users ${path}`);
    }
    read = { ...now, list: asSeen(now.list, read?.list, Date.now()) };
    return read.list;
  };

  const find = async (username: string): Promise<UserEntry | undefined> => {
    try {
      return (await load()).get(username);
    } catch (error) {
      log.error({ reason: String(Object(error).message) }, 'nobody gets in: the users file cannot be used');
      throw error;
    }
  };

  return {
    load,
    async check(username, password) {
      const user = await find(username);
      const fits = await verify(user?.hash ?? dummy, password);
      return user !== undefined && fits ? { id: user.id, username: user.username } : null;
    },
    async isCurrent({ id, username, issuedAt = 0 }: Identity) {
      const user = await find(username);
      return user?.id === id && issuedAt >= passwordSince(user);
    },
  };
}
