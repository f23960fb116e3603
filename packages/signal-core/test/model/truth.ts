import { createMemoryStores, type Stores } from 'signal-core';
import { type Call, isLive, type LiveCall } from '../../src/domain/call.ts';
import type { CallId } from '../../src/domain/ids.ts';
import { overriding, withCalls } from '../stores/overriding.ts';

/** How long an ended call is remembered, in milliseconds. */
const MEMORY_MS = 120_000;

/** All that the server ever committed, call by call, version by version. */
export class Truth {
  readonly stores: Stores;
  readonly histories = new Map<CallId, Call[]>();

  constructor(stores = createMemoryStores()) {
    this.stores = this.watched(stores);
  }

  /** The stores of one more node, which share what they hold with {@link stores}. */
  watched(stores: Stores): Stores {
    return withCalls(stores, (calls) =>
      overriding(calls, {
        commit: async (commit) => {
          const isCommitted = await calls.commit(commit);
          for (const { call } of isCommitted ? commit.calls : []) this.#add(call);
          return isCommitted;
        },
      }),
    );
  }

  /** The call as it is, as long as the server knows of it. */
  get(id: CallId, now: number): Call | undefined {
    const call = this.histories.get(id)?.at(-1);
    return call?.status === 'ended' && now >= call.endedAt + MEMORY_MS ? undefined : call;
  }

  live(): LiveCall[] {
    return Array.from(this.histories.values(), (versions) => versions.at(-1)).filter(
      (call): call is LiveCall => call !== undefined && isLive(call),
    );
  }

  /** A node may hear of its commit after another one has built on it. */
  #add(call: Call): void {
    const history = [...(this.histories.get(call.id) ?? []), call];
    this.histories.set(
      call.id,
      history.sort((one, other) => one.version - other.version),
    );
  }
}
