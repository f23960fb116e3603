import type { Call } from '../../src/domain/call.ts';
import { type CallId, type UserId, userOf } from '../../src/domain/ids.ts';
import type { CallStore, Commit, Line } from '../../src/stores/call-store.ts';
import { MemoryCallStore } from '../../src/stores/memory/memory-call-store.ts';
import { MemoryPresenceStore } from '../../src/stores/memory/memory-presence-store.ts';
import type { PresenceStore, SessionChange } from '../../src/stores/presence-store.ts';
import { overriding } from './overriding.ts';

/** A call store that does all as it should, but for what a fault replaces. */
function withFault(
  fault: (store: CallStore) => Partial<CallStore>,
  store: CallStore = new MemoryCallStore(),
): CallStore {
  return overriding(store, fault(store));
}

/** The commit that the store cannot refuse: with the versions that it has now. */
async function onWhateverIsThere(store: CallStore, { calls, lines }: Commit): Promise<Commit> {
  return {
    calls: await Promise.all(
      calls.map(async ({ call }) => ({ call, expectedVersion: (await store.get(call.id))?.version ?? 0 })),
    ),
    lines: await Promise.all(
      lines.map(async ({ userId }) => ({ userId, expectedVersion: (await store.line(userId)).version })),
    ),
  };
}

/** GET and SET: the last writer wins. */
export const ignoringVersions = () =>
  withFault((store) => ({
    async commit(commit) {
      while (!(await store.commit(await onWhateverIsThere(store, commit))));
      return true;
    },
  }));

/** GET, compare, SET: right, unless somebody comes between. */
export const checkingFirst = (real?: CallStore) =>
  withFault(
    (store) => ({
      async commit(commit) {
        const now = await onWhateverIsThere(store, commit);
        const fits = [
          ...commit.calls.map((one, index) => one.expectedVersion === now.calls[index]?.expectedVersion),
          ...commit.lines.map((one, index) => one.expectedVersion === now.lines[index]?.expectedVersion),
        ].every((isSame) => isSame);
        if (!fits) return false;
        while (!(await store.commit(await onWhateverIsThere(store, commit))));
        return true;
      },
    }),
    real,
  );

/** Calls are checked, lines are not. */
export const ignoringLines = (real?: CallStore) =>
  withFault(
    (store) => ({
      async commit(commit) {
        const { lines } = await onWhateverIsThere(store, commit);
        return store.commit({ ...commit, lines });
      },
    }),
    real,
  );

/** Every call by itself: what fits is written, whatever becomes of the rest. */
export const writingHalf = () =>
  withFault((store) => ({
    async commit({ calls, lines }) {
      const [first, ...others] = calls;
      if (first === undefined || !(await store.commit({ calls: [first], lines }))) return false;
      for (const call of others) if (!(await store.commit({ calls: [call], lines: [] }))) return false;
      return true;
    },
  }));

/** A store that counts the versions of lines by itself: each call that enters, is answered, or leaves is one more. */
function countingLines(isCounted: (call: Call) => boolean, isReset: (line: Line) => boolean): CallStore {
  return withFault((store) => {
    const counts = new Map<UserId, number>();
    const versionOf = (userId: UserId) => counts.get(userId) ?? 0;
    const count = async (call: Call) => {
      for (const { id } of [call.from, call.to]) counts.set(id, isReset(await store.line(id)) ? 0 : versionOf(id) + 1);
    };
    return {
      line: async (userId) => ({ ...(await store.line(userId)), version: versionOf(userId) }),
      async commit({ calls, lines }) {
        if (lines.some(({ userId, expectedVersion }) => versionOf(userId) !== expectedVersion)) return false;
        const current = await onWhateverIsThere(store, { calls: [], lines });
        if (!(await store.commit({ ...current, calls }))) return false;
        for (const { call } of calls) if (isCounted(call)) await count(call);
        return true;
      },
    };
  });
}

/** The version of a line begins anew when the line was empty. */
export const forgettingEmptyLines = () =>
  countingLines(
    () => true,
    (line) => line.calls.length === 0,
  );

/** A line does not notice that one of its calls was answered. */
export const ignoringAnswers = () =>
  countingLines(
    (call) => call.status !== 'active',
    () => false,
  );

/** Tells of a call once for each of the users who are in it. */
export const tellingTwice = () =>
  withFault((store) => ({
    async liveOf(users) {
      const lines = await Promise.all(users.map((userId) => store.line(userId)));
      return lines.flatMap(({ calls }) => calls.map(({ id, version }) => ({ id, version })));
    },
  }));

/** What was claimed never comes back, unless the call changes. */
export const claimingForEver = () =>
  withFault((store) => {
    const claimed = new Map<CallId, number>();
    return {
      async claimDue(now, limit) {
        const due = await store.claimDue(now, limit);
        const calls = await Promise.all(due.map((id) => store.get(id)));
        const fresh = calls.filter((call) => call !== undefined && claimed.get(call.id) !== call.version);
        for (const call of fresh) if (call !== undefined) claimed.set(call.id, call.version);
        return fresh.flatMap((call) => (call === undefined ? [] : [call.id]));
      },
    };
  });

/** Tells everybody who asks what is due, and claims nothing. */
export const claimingNothing = (real?: CallStore) =>
  withFault(
    (store) => ({
      async claimDue(now, limit) {
        const calls = await store.live();
        const due = calls.filter((call) => call.dueAt <= now).toSorted((a, b) => a.dueAt - b.dueAt);
        return due.slice(0, limit).map((call) => call.id);
      },
    }),
    real,
  );

/** Ended calls are gone at once. */
export const forgettingEnded = () =>
  withFault((store) => ({
    async get(id) {
      const call = await store.get(id);
      return call?.status === 'ended' ? undefined : call;
    },
  }));

/** Keeps one object a call, and changes it in place. */
export const changingInPlace = () =>
  withFault((store) => {
    const own = new Map<CallId, Call>();
    return {
      async get(id) {
        const call = await store.get(id);
        if (call === undefined) return undefined;
        const shared = Object.assign(own.get(id) ?? {}, call);
        own.set(id, shared);
        return shared;
      },
    };
  });

/** Writes whatever comes: a late disconnect takes the new connection's session away. */
export function swappingBlindly(): PresenceStore {
  const store = new MemoryPresenceStore();
  return {
    sessionsOf: (userId) => store.sessionsOf(userId),
    subscribe: (...listeners) => store.subscribe(...listeners),
    async swap(change: SessionChange) {
      let isWritten = false;
      while (!isWritten) {
        const sessions = await store.sessionsOf(userOf(change.device));
        const stored = sessions.find((session) => session.device === change.device);
        isWritten = await store.swap(change, stored?.socketId);
      }
      return true;
    },
  };
}
