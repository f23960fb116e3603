import type { Call } from '../domain/call.js';
import type { CallStore, Line } from '../stores/call-store.js';
import type { Stores } from '../stores/stores.js';
import type { KnownCalls } from './known-calls.js';

interface Parts {
  known: KnownCalls;
  /** Tells the devices of this node what is new to them. */
  learn(scope: string, call: Call): void;
}

/**
 * Stores whose lines this node takes to heart: its devices hear of what has become of a user's calls before anything comes
 * of a decision that was made on it. The news of another node may be on its way yet.
 *
 * @see SPEC.md, rule NODE-2
 */
export function heedingStores(stores: Stores, parts: Parts): Stores {
  return {
    ...stores,
    in(scope) {
      const { calls, restores } = stores.in(scope);
      return { calls: heeding(calls, (line) => heed(calls, scope, line, parts)), restores };
    },
  };
}

function heeding(calls: CallStore, heedLine: (line: Line) => Promise<void>): CallStore {
  return {
    async line(userId) {
      const line = await calls.line(userId);
      await heedLine(line);
      return line;
    },
    get: (id) => calls.get(id),
    commit: (commit) => calls.commit(commit),
    claimDue: (now, limit) => calls.claimDue(now, limit),
    live: () => calls.live(),
    liveOf: (users) => calls.liveOf(users),
    countLive: () => calls.countLive(),
  };
}

async function heed(calls: CallStore, scope: string, line: Line, { known, learn }: Parts): Promise<void> {
  for (const call of line.calls) learn(scope, call);
  for (const { call } of known.liveOf(scope, line.userId)) {
    if (line.calls.some(({ id }) => id === call.id)) continue;
    const ended = await calls.get(call.id);
    if (ended !== undefined) learn(scope, ended);
  }
}
