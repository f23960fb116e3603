import type { Stores } from '../stores.js';
import { MemoryPresenceStore } from './memory-presence-store.js';
import { MemoryRateLimitStore } from './memory-rate-limit-store.js';
import { MemoryRevocationStore } from './memory-revocation-store.js';
import { MemoryScopes } from './memory-scopes.js';
import { MemoryUserDirectory } from './memory-user-directory.js';

/** All state in the memory of one process: the default. */
export function createMemoryStores(): Stores {
  const scopes = new MemoryScopes();
  return {
    presence: new MemoryPresenceStore(),
    users: new MemoryUserDirectory(),
    rates: new MemoryRateLimitStore(),
    revocations: new MemoryRevocationStore(),
    in: (scope) => scopes.in(scope),
    scopes: async () => scopes.names(),
  };
}
