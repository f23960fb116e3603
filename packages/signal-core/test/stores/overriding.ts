import type { CallStore } from '../../src/stores/call-store.ts';
import type { ScopedStores, Stores } from '../../src/stores/stores.ts';

/** The store, but for what is replaced. */
export function overriding(store: CallStore, replaced: Partial<CallStore>): CallStore {
  return {
    get: (id) => store.get(id),
    line: (userId) => store.line(userId),
    commit: (commit) => store.commit(commit),
    claimDue: (now, limit) => store.claimDue(now, limit),
    live: () => store.live(),
    liveOf: (users) => store.liveOf(users),
    countLive: () => store.countLive(),
    ...replaced,
  };
}

/** The stores, with something else in the place of each scope's store of calls. */
export function withCalls(stores: Stores, replace: (calls: CallStore) => CallStore): Stores {
  const scopes = new Map<string, ScopedStores>();
  return {
    ...stores,
    in(name) {
      const { calls, restores } = stores.in(name);
      const scope = scopes.get(name) ?? { calls: replace(calls), restores };
      scopes.set(name, scope);
      return scope;
    },
  };
}
