import type { CallStore } from './call-store.js';
import type { Nodes } from './nodes.js';
import type { PresenceStore } from './presence-store.js';
import type { RateLimitStore } from './rate-limit-store.js';
import type { RestoreStore } from './restore-store.js';
import type { RevocationStore } from './revocation-store.js';
import type { UserDirectory } from './user-directory.js';

/** What is of one scope: a call never leaves the one that it was placed in. */
export interface ScopedStores {
  calls: CallStore;
  restores: RestoreStore;
}

/**
 * All state that outlives one event.
 *
 * @see SPEC.md, rule STORE-10; `scopesContract` in `signal-core/testing` checks `in` and `scopes`.
 */
export interface Stores {
  presence: PresenceStore;
  users: UserDirectory;
  rates: RateLimitStore;
  revocations: RevocationStore;
  /** Where several nodes share the stores. */
  nodes?: Nodes;
  /** The calls of a scope, and of no other. It costs nothing, and may be asked for anew at each use. */
  in(scope: string): ScopedStores;
  /** Every scope with a live call, each once; others may be among them. */
  scopes(): Promise<string[]>;
}
