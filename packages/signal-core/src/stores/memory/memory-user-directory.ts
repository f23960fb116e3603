import type { User } from '../../domain/call.js';
import type { UserId } from '../../domain/ids.js';
import type { DirectoryEntry, UserDirectory } from '../user-directory.js';

/** In `open` mode anybody may add names; the longest unseen ones make room. */
const MAX_USERS = 100_000;

/** Users in the memory of one process, the longest unseen first. */
export class MemoryUserDirectory implements UserDirectory {
  readonly #users = new Map<UserId, DirectoryEntry>();

  async remember({ id, username, ...user }: User & { scope?: string }, at: number): Promise<void> {
    const scope = user.scope ?? this.#users.get(id)?.scope;
    this.#users.delete(id);
    this.#users.set(id, Object.freeze({ id, username, lastSeen: at, ...(scope !== undefined && { scope }) }));
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
