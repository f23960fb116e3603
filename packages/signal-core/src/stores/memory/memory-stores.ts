import type { Stores } from '../stores.js';
import { MemoryCallStore } from './memory-call-store.js';
import { MemoryPresenceStore } from './memory-presence-store.js';
import { MemoryRateLimitStore } from './memory-rate-limit-store.js';
import { MemoryRestoreStore } from './memory-restore-store.js';
import { MemoryUserDirectory } from './memory-user-directory.js';

/** All state in the memory of one process: the default. */
export function createMemoryStores(): Stores {
  return {
    calls: new MemoryCallStore(),
    presence: new MemoryPresenceStore(),
    users: new MemoryUserDirectory(),
    restores: new MemoryRestoreStore(),
    rates: new MemoryRateLimitStore(),
  };
}
