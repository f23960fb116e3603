import type { User } from '../domain/call.js';
import type { UserId } from '../domain/ids.js';

export interface DirectoryEntry extends User {
  /** Epoch milliseconds of the last sign of life. */
  lastSeen: number;
}

/** Every user that was ever seen, online or not. */
export interface UserDirectory {
  remember(user: User, at: number): Promise<void>;
  get(id: UserId): Promise<DirectoryEntry | undefined>;
  list(): Promise<DirectoryEntry[]>;
}
