import { setImmediate } from 'node:timers/promises';
import type { Stores } from 'signal-core';
import type { NodeId } from '../../src/domain/ids.ts';

/** How often nothing may be under way before it counts as quiet: what arrives may make a node speak a moment later. */
const QUIET_TURNS = 10;

/** Counts what nodes of this process have for each other. */
export class BetweenNodes {
  readonly #listening = new Set<NodeId>();
  #underWay = 0;

  /** The stores of one node, counted. */
  counted(stores: Stores): Stores {
    const { nodes } = stores;
    if (nodes === undefined) throw new Error('these stores are of one node');
    const { bus } = nodes;
    const send: typeof bus.send = (to, message) => {
      if (this.#listening.has(to)) this.#underWay += 1;
      bus.send(to, message);
    };
    const listen: typeof bus.listen = (self, listener) => {
      this.#listening.add(self);
      const stop = bus.listen(self, (from, message) => {
        listener(from, message);
        this.#underWay -= 1;
      });
      return () => {
        this.#listening.delete(self);
        stop();
      };
    };
    return { ...stores, nodes: { ...nodes, bus: { send, listen } } };
  }

  /** Everything that was said has arrived, and what was said to that. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      await setImmediate();
      if (this.#underWay > 0) turns = 0;
    }
  }
}
