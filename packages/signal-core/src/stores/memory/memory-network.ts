import type { DeviceKey, NodeId } from '../../domain/ids.js';
import type { Session } from '../../domain/session.js';
import type { NodeBus, NodeMessage } from '../nodes.js';
import type { Stores } from '../stores.js';
import { MemoryLeases } from './memory-leases.js';
import { createMemoryStores } from './memory-stores.js';

type Listener = (from: NodeId, message: NodeMessage) => void;

/**
 * Several nodes in one process that share stores: for tests, and for whoever writes other stores to hold against.
 *
 * @example
 * const network = new MemoryNetwork(() => clock.now());
 * const [one, two] = [network.join(), network.join()].map((stores) => startTestServer({ clock, stores }));
 */
export class MemoryNetwork {
  readonly #stores: Stores;
  readonly #leases: MemoryLeases;
  readonly #sessions = new Map<DeviceKey, Session>();
  readonly #listeners = new Map<NodeId, Listener>();

  /**
   * @param now - epoch milliseconds, by the one clock of all nodes
   * @param stores - what they share; nothing must have been written to them yet
   */
  constructor(now: () => number, stores: Stores = createMemoryStores()) {
    this.#stores = stores;
    this.#leases = new MemoryLeases('memory', now);
    stores.presence.subscribe(({ device, session }) => {
      if (session === undefined) this.#sessions.delete(device);
      else this.#sessions.set(device, session);
    });
  }

  /** The stores as one more node has them. */
  join(): Stores {
    const sessionsOf = async (node: NodeId) => [...this.#sessions.values()].filter((session) => session.node === node);
    return { ...this.#stores, nodes: { bus: this.#bus(), leases: this.#leases, sessionsOf } };
  }

  #bus(): NodeBus {
    let name: NodeId | undefined;
    return {
      send: (to, message) => {
        if (name === undefined) return;
        const from = name;
        const copy = JSON.stringify(message);
        // as over a wire: later, in order, and nothing of it shared
        setImmediate(() => this.#listeners.get(to)?.(from, JSON.parse(copy) as NodeMessage));
      },
      listen: (self, listener) => {
        name = self;
        this.#listeners.set(self, listener);
        return () => {
          if (this.#listeners.get(self) === listener) this.#listeners.delete(self);
        };
      },
    };
  }
}
