import type { Stores } from 'signal-core';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import type { SessionChange } from '../../src/stores/presence-store.ts';

/** Between a node, or all of them, and the stores: what is asked while it is shut waits, for good if need be. */
export class Standstill {
  #opened: Promise<void> | undefined;
  #open = () => {};

  shut(): void {
    this.#opened ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
    this.#opened = undefined;
  }

  get isShut(): boolean {
    return this.#opened !== undefined;
  }

  /** In the order in which it was asked. */
  async passed(): Promise<void> {
    while (this.#opened !== undefined) await this.#opened;
  }

  /** What is told waits, too, so that it comes in order. */
  tell(run: () => void): void {
    if (this.isShut) void this.passed().then(run);
    else run();
  }

  /** The stores as a node has them behind this. */
  before(stores: Stores): Stores {
    const { nodes, presence } = stores;
    if (nodes === undefined) throw new Error('these stores are of one node');
    return {
      ...stores,
      presence: {
        sessionsOf: (user) => this.passed().then(() => presence.sessionsOf(user)),
        swap: (change, expected) => this.passed().then(() => presence.swap(change, expected)),
        subscribe: (onChange, onReset) =>
          presence.subscribe(
            (change: SessionChange) => this.tell(() => onChange(change)),
            onReset && ((sessions) => this.tell(() => onReset(sessions))),
          ),
      },
      users: this.#shutting(stores.users),
      rates: this.#shutting(stores.rates),
      revocations: this.#shutting(stores.revocations),
      in: (scope) => {
        const { calls, restores } = stores.in(scope);
        return { calls: this.#shutting(calls), restores: this.#shutting(restores) };
      },
      scopes: () => this.passed().then(() => stores.scopes()),
      nodes: {
        leases: this.#shutting(nodes.leases),
        sessionsOf: (node) => this.passed().then(() => nodes.sessionsOf(node)),
        bus: {
          send: (to, message) => this.tell(() => nodes.bus.send(to, message)),
          listen: (self, listener) =>
            nodes.bus.listen(self, (from, message: NodeMessage) => this.tell(() => listener(from, message))),
        },
      },
    };
  }

  #shutting<Store extends object>(store: Store): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          await this.passed();
          return method.apply(target, args);
        };
      },
    });
  }
}
