import type { User } from '../../domain/call.js';
import type { UserId } from '../../domain/ids.js';
import type { DirectoryEntry, UserDirectory } from '../user-directory.js';

/** In `open` mode anybody may add names; the longest unseen ones make room. */
const MAX_USERS = 100_000;

/** Users in the memory of one process, the longest unseen first. */
export class MemoryUserDirectory implements UserDirectory {
  readonly #users = new Map<UserId, DirectoryEntry>();

  async remember(user: User, at: number): Promise<void> {
    this.#users.delete(user.id);
    this.#users.set(user.id, Object.freeze({ id: user.id, username: user.username, lastSeen: at }));
    if (this.#users.size <= MAX_USERS) return;
    for (const oldest of this.#users.keys()) {
      this.#users.delete(oldest);
      return;
    }
  }

  async get(id: UserId): Promise<DirectoryEntry | undefined> {
    return this.#users.get(id);
  }

  async list(): Promise<DirectoryEntry[]> {
    return [...this.#users.values()];
  }
}
