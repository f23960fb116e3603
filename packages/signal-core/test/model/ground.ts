import type { Stores } from 'signal-core';
import { type FakeClock, MemoryNetwork } from 'signal-core/testing';
import { Dice } from '../fuzz/dice.ts';
import { withFaultyBus } from '../nodes/faulty-bus.ts';
import { Truth } from './truth.ts';

/** What the nodes of a story stand on. */
export interface Ground {
  /** All that they ever commit. */
  readonly truth: Truth;
  /** The stores of each node. */
  readonly stores: readonly Stores[];
  /** How long it takes to make up for what nodes did not hear, in milliseconds; what devices say may stay lost then. */
  readonly mendsInMs: number;
  /** Waits until nothing is under way between the nodes and their stores. */
  quiet(): Promise<void>;
}

/** @param seed - what else is left to chance comes of it */
export type NewGround = (clock: FakeClock, seed: number) => Ground;

/** One or several nodes in memory. */
export function inMemory(nodes: number): NewGround {
  return (clock) => {
    const truth = new Truth();
    const network = new MemoryNetwork(() => clock.now(), truth.stores);
    const stores = nodes === 1 ? [truth.stores] : Array.from({ length: nodes }, () => network.join());
    return { truth, stores, mendsInMs: 0, quiet: async () => {} };
  };
}

/** By then nodes have held their calls against the store twice, in milliseconds. */
const MENDS_IN_MS = 10_000;

/** Two nodes in memory who hear of each other what the dice let them; in every second story they are loaded. */
export function overFaultyBus(clock: FakeClock, seed: number): Ground {
  const [ground, dice] = [inMemory(2)(clock, seed), new Dice(seed)];
  const share = seed % 2 === 0 ? 0.05 : 0.4;
  const stores = ground.stores.map((each) => {
    // a device that is not handed over begins anew, which is another story
    const losing = withFaultyBus(each, dice, { lost: share, spares: ({ type }) => /^hand/.test(type) });
    return withFaultyBus(losing, dice, { twice: share, late: share });
  });
  return { ...ground, stores, mendsInMs: MENDS_IN_MS };
}
