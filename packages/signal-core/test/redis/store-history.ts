import type { Call } from '../../src/domain/call.ts';
import type { CallId, UserId } from '../../src/domain/ids.ts';
import { type CallStore, type Commit, DUE_CLAIM_MS, type Line } from '../../src/stores/call-store.ts';
import type { Sequential, Timed } from './linearizable.ts';

type Asked =
  | { get: CallId; answer: Call | undefined }
  | { line: UserId; answer: Line }
  | { commit: Commit; answer: boolean }
  | { claimAt: number; answer: CallId[] };

/** One access to a call store. */
export type Access = Asked & Timed;

interface State {
  /** By id, in words: two calls are the same when all of them is. */
  calls: Record<CallId, { version: number; status: Call['status']; words: string }>;
  due: Record<CallId, number>;
  /** Users with live calls; `version` once somebody was told of it. */
  lines: Record<UserId, { ids: CallId[]; version?: number }>;
  /** Versions of lines that somebody was told of. */
  told: number[];
}

/** What a store of calls is, when one thing happens after the other; the numbers of lines are its own choice. */
export const sequentialStore: Sequential<State, Access> = {
  initial: { calls: {}, due: {}, lines: {}, told: [] },
  step(state, access) {
    if ('get' in access) return wordsOf(access.answer) === state.calls[access.get]?.words ? state : undefined;
    if ('line' in access) return readLine(state, access.answer);
    if ('claimAt' in access) return claim(state, access.claimAt, access.answer);
    if (fits(state, access.commit) !== access.answer) return undefined;
    return access.answer ? access.commit.calls.reduce((next, { call }) => write(next, call), state) : state;
  },
};

function wordsOf(call: Call | undefined): string | undefined {
  return call && JSON.stringify(call);
}

function readLine(state: State, { userId, version, calls }: Line): State | undefined {
  const line = state.lines[userId];
  const isSame =
    calls.map(wordsOf).toSorted().join() ===
    (line?.ids ?? [])
      .map((id) => state.calls[id]?.words)
      .toSorted()
      .join();
  if (!isSame) return undefined;
  if (line === undefined) return version === 0 ? state : undefined;
  if (line.version !== undefined) return line.version === version ? state : undefined;
  if (version === 0 || state.told.includes(version)) return undefined;
  return {
    ...state,
    told: [...state.told, version].toSorted(),
    lines: { ...state.lines, [userId]: { ...line, version } },
  };
}

function claim(state: State, now: number, answer: CallId[]): State | undefined {
  const due = Object.keys(state.due).filter((id) => (state.due[id] ?? 0) <= now);
  if (due.toSorted().join() !== answer.toSorted().join()) return undefined;
  return { ...state, due: { ...state.due, ...Object.fromEntries(due.map((id) => [id, now + DUE_CLAIM_MS])) } };
}

/** A version that was expected was told of before: one that nobody was told of cannot be it. */
function fits(state: State, { calls, lines }: Commit): boolean {
  return (
    calls.every(({ call, expectedVersion }) => (state.calls[call.id]?.version ?? 0) === expectedVersion) &&
    lines.every(({ userId, expectedVersion }) => {
      const line = state.lines[userId];
      return line === undefined ? expectedVersion === 0 : line.version === expectedVersion;
    })
  );
}

function write(state: State, call: Call): State {
  const isLive = call.status !== 'ended';
  const { [call.id]: _, ...due } = state.due;
  const next = {
    ...state,
    calls: { ...state.calls, [call.id]: { version: call.version, status: call.status, words: JSON.stringify(call) } },
    due: isLive ? { ...due, [call.id]: call.dueAt } : due,
  };
  if (state.calls[call.id]?.status === call.status) return next;
  return { ...next, lines: changed(changed(state.lines, call.from.id, call), call.to.id, call) };
}

function changed(lines: State['lines'], user: UserId, call: Call): State['lines'] {
  const { [user]: line, ...others } = lines;
  const ids = (line?.ids ?? []).filter((id) => id !== call.id);
  if (call.status !== 'ended') ids.push(call.id);
  return ids.length > 0 ? { ...others, [user]: { ids: ids.toSorted() } } : others;
}

/** A store that writes down what it is asked and answers. */
export function recorded(store: CallStore, history: Access[], tick: () => number): CallStore {
  const record = async <T>(asking: Promise<T>, describe: (answer: T) => Asked): Promise<T> => {
    const from = tick();
    const answer = await asking;
    history.push({ ...describe(answer), from, until: tick() });
    return answer;
  };
  return {
    get: (id) => record(store.get(id), (answer) => ({ get: id, answer })),
    line: (userId) => record(store.line(userId), (answer) => ({ line: userId, answer })),
    commit: (commit) => record(store.commit(commit), (answer) => ({ commit, answer })),
    claimDue: (now, limit) => record(store.claimDue(now, limit), (answer) => ({ claimAt: now, answer })),
    live: () => store.live(),
    liveOf: (users) => store.liveOf(users),
    countLive: () => store.countLive(),
  };
}
