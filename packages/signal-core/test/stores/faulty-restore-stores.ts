import type { RestoreClaim } from '../../src/domain/restore-call.ts';
import { MemoryRestoreStore } from '../../src/stores/memory/memory-restore-store.ts';
import type { RestoreStore } from '../../src/stores/restore-store.ts';

/** A restore store that does all as it should, but for what a fault replaces. */
function withFault(fault: (store: RestoreStore) => Partial<RestoreStore>): RestoreStore {
  const store = new MemoryRestoreStore();
  return {
    file: (claim, now, until) => store.file(claim, now, until),
    withdraw: (callId, user) => store.withdraw(callId, user),
    ...fault(store),
  };
}

export const neverLapsing = () =>
  withFault((store) => ({ file: (claim, now) => store.file(claim, now, Number.POSITIVE_INFINITY) }));

export const neverWithdrawing = () => withFault(() => ({ withdraw: async () => false }));

/** Whoever filed a claim to the call last, whomever either of them named. */
export const finding = () => {
  const last = new Map<string, RestoreClaim>();
  return withFault((store) => ({
    async file(claim, now, until) {
      const before = last.get(claim.callId);
      last.set(claim.callId, structuredClone(claim));
      const found = await store.file(claim, now, until);
      return found ?? (before?.user.id === claim.user.id ? undefined : structuredClone(before));
    },
  }));
};

/** The second party is told of the first, and leaves nothing for it to find. */
export const forgettingTheFirst = () =>
  withFault((store) => ({
    async file(claim, now, until) {
      const found = await store.file(claim, now, until);
      if (found !== undefined) await store.withdraw(claim.callId, claim.user);
      return found;
    },
  }));

/** The claims themselves, neither copied when they come nor when they go. */
export const keepingWhatWasGiven = () => {
  const given = new Map<string, RestoreClaim>();
  return withFault((store) => ({
    async file(claim, now, until) {
      given.set(`${claim.callId}/${claim.user.id}`, claim);
      const found = await store.file(claim, now, until);
      return found && given.get(`${claim.callId}/${claim.peer}`);
    },
  }));
};

/** A store of its own for each call. */
export const withoutBounds = () => {
  const stores = new Map<string, MemoryRestoreStore>();
  return withFault(() => {
    const of = (callId: string) => {
      const store = stores.get(callId) ?? new MemoryRestoreStore();
      stores.set(callId, store);
      return store;
    };
    return {
      file: (claim, now, until) => of(claim.callId).file(claim, now, until),
      withdraw: (callId, user) => of(callId).withdraw(callId, user),
    };
  });
};
