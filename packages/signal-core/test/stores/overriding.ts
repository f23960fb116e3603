import type { CallStore } from '../../src/stores/call-store.ts';

/** The store, but for what is replaced. */
export function overriding(store: CallStore, replaced: Partial<CallStore>): CallStore {
  return {
    get: (id) => store.get(id),
    line: (userId) => store.line(userId),
    commit: (commit) => store.commit(commit),
    claimDue: (now, limit) => store.claimDue(now, limit),
    live: () => store.live(),
    countLive: () => store.countLive(),
    ...replaced,
  };
}
