import type { Logger } from 'signal-core';
import { passwordSince, type UserList } from './user-list.js';

/** How soon a running server notices, in milliseconds. */
const INTERVAL_MS = 1_000;

/** Whose tokens are good no more, when only later ones are. */
export interface Stale {
  userId: string;
  /** Epoch milliseconds. */
  issuedBefore: number;
}

/**
 * Watches a users file for those who were removed or have another password.
 *
 * @param load - reads the file when it has changed
 * @param revoke - disconnects whoever it is; called once for each
 * @returns how to stop
 * @see SPEC.md, rule SRV-18
 */
export function watchUsers(
  load: () => Promise<UserList>,
  revoke: (stale: Stale) => Promise<unknown>,
  log: Pick<Logger, 'error'>,
): () => void {
  let before: UserList | undefined;
  let looking = false;
  const reportFault = (err: unknown) => log.error({ err }, 'a user who is gone could not be disconnected');
  const look = async () => {
    // of two looks at a time the later might end first
    if (looking) return;
    looking = true;
    // a file that cannot be used lets nobody in, and throws nobody out
    const now = await load().catch(() => undefined);
    looking = false;
    if (now === undefined || now === before) return;
    const gone = staleIn(before ?? now, now, Date.now());
    before = now;
    for (const stale of gone) revoke(stale).catch(reportFault);
  };
  const timer = setInterval(() => void look(), INTERVAL_MS).unref();
  void look();
  return () => clearInterval(timer);
}

/** @param at - when it was noticed, in epoch milliseconds */
export function staleIn(before: UserList, now: UserList, at: number): Stale[] {
  return [...before.values()].flatMap(({ id, username, hash }) => {
    const user = now.get(username);
    if (user === undefined) return { userId: id, issuedBefore: at };
    // one millisecond earlier: who logged in with the new password at once stays
    return user.hash === hash ? [] : { userId: id, issuedBefore: passwordSince(user) - 1 };
  });
}
