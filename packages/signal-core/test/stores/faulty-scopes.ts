import { createMemoryStores, type Stores } from 'signal-core';

type Scopes = Pick<Stores, 'in' | 'scopes'>;

/** One store of calls for everybody. */
export const mixingScopes = (): Scopes => {
  const { in: scope, scopes } = createMemoryStores();
  return { in: (name) => ({ calls: scope('').calls, restores: scope(name).restores }), scopes };
};

/** Takes names for one another that differ in letter case. */
export const ignoringCase = (): Scopes => {
  const { in: scope, scopes } = createMemoryStores();
  return { in: (name) => scope(name.toLowerCase()), scopes };
};

/** Lists a scope for as long as something is due. */
export const forgettingClaimed = (): Scopes => {
  const stores = createMemoryStores();
  const forgotten = new Set<string>();
  return {
    in(name) {
      const { calls, restores } = stores.in(name);
      const claimDue: typeof calls.claimDue = (now, limit) => {
        forgotten.add(name);
        return calls.claimDue(now, limit);
      };
      return { calls: { ...calls, claimDue }, restores };
    },
    scopes: async () => (await stores.scopes()).filter((name) => !forgotten.has(name)),
  };
};

/** Begins anew what was empty, and leaves who still has the old one with it. */
export const replacingEmpty = (): Scopes => {
  let stores = createMemoryStores();
  return {
    in(name) {
      const { calls, restores } = stores.in(name);
      const claimDue: typeof calls.claimDue = async (now, limit) => {
        const due = await calls.claimDue(now, limit);
        if ((await calls.countLive()) === 0) stores = createMemoryStores();
        return due;
      };
      return { calls: { ...calls, claimDue }, restores };
    },
    scopes: () => stores.scopes(),
  };
};
