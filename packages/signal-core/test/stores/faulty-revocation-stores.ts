import type { Revocation, RevocationStore } from 'signal-core';
import { MemoryRevocationStore } from '../../src/stores/memory/memory-revocation-store.ts';

/** What came last is kept, also when it is of an earlier time. */
export const turningBack = (): RevocationStore => {
  const real = new MemoryRevocationStore();
  const last = new Map<string, Revocation>();
  return {
    async add(revocations) {
      await real.add(revocations);
      for (const each of revocations) if ('userId' in each) last.set(each.userId, { ...each });
    },
    async of(userId, jti) {
      const found = await real.of(userId, jti);
      return found.map((each) => ('userId' in each ? { ...(last.get(each.userId) ?? each) } : each));
    },
    since: (cursor) => real.since(cursor),
  };
};

/** A name is as good as a user. */
export const beingOneForAll = (): RevocationStore => {
  const real = new MemoryRevocationStore();
  return {
    add: (revocations) => real.add(revocations),
    of: async (userId, jti) => [...(await real.of(userId, jti)), ...(await real.of('', userId))],
    since: (cursor) => real.since(cursor),
  };
};

/** Whoever asks hears all of it, once more each time that something is added. */
export const tellingAll = (): RevocationStore => {
  const real = new MemoryRevocationStore();
  return {
    add: (revocations) => real.add(revocations),
    of: (userId, jti) => real.of(userId, jti),
    async since(cursor) {
      const news = await real.since(cursor);
      return news.revocations.length === 0 ? news : real.since(0);
    },
  };
};
