import type { CallStore } from './call-store.js';
import type { Nodes } from './nodes.js';
import type { PresenceStore } from './presence-store.js';
import type { RateLimitStore } from './rate-limit-store.js';
import type { RestoreStore } from './restore-store.js';
import type { UserDirectory } from './user-directory.js';

/** All state that outlives one event. */
export interface Stores {
  calls: CallStore;
  presence: PresenceStore;
  users: UserDirectory;
  restores: RestoreStore;
  rates: RateLimitStore;
  /** Where several nodes share the stores. */
  nodes?: Nodes;
}
