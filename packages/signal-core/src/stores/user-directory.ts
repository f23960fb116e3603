import type { User } from '../domain/call.js';
import type { UserId } from '../domain/ids.js';

export interface DirectoryEntry extends User {
  /** Epoch milliseconds of the last sign of life. */
  lastSeen: number;
  /** As credentials said it last; absent when they never did. */
  scope?: string;
}

/** Every user that was ever seen, online or not. */
export interface UserDirectory {
  /**
   * @param user - under the name of now; without a `scope`, the one that is known stays
   * @param at - epoch milliseconds
   */
  remember(user: User & { scope?: string }, at: number): Promise<void>;
  get(id: UserId): Promise<DirectoryEntry | undefined>;
  list(): Promise<DirectoryEntry[]>;
}
