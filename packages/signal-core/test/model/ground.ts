import type { Stores } from 'signal-core';
import { type FakeClock, MemoryNetwork } from 'signal-core/testing';
import { Truth } from './truth.ts';

/** What the nodes of a story stand on. */
export interface Ground {
  /** All that they ever commit. */
  readonly truth: Truth;
  /** The stores of each node. */
  readonly stores: readonly Stores[];
  /** Waits until nothing is under way between the nodes and their stores. */
  quiet(): Promise<void>;
}

/** One or several nodes in memory. */
export function inMemory(nodes: number): (clock: FakeClock) => Ground {
  return (clock) => {
    const truth = new Truth();
    const network = new MemoryNetwork(() => clock.now(), truth.stores);
    const stores = nodes === 1 ? [truth.stores] : Array.from({ length: nodes }, () => network.join());
    return { truth, stores, quiet: async () => {} };
  };
}
