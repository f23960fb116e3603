import type { NodeId } from '../../domain/ids.js';
import { BEAT_MS, type Beat, LEASE_MS, type NodeLeases, type Passing } from '../nodes.js';

interface Lease {
  /** When the node said last that it lives; never, once it went. */
  beatAt: number;
  /** Since when its beats have had no gap. */
  steadySince: number;
}

interface Burial {
  by: NodeId;
  since: number;
  isDone: boolean;
}

/** Two beats of which one is missing in between are as far apart as this, in milliseconds. */
const GAP_MS = 2 * BEAT_MS;

/** Which nodes of one process live. */
export class MemoryLeases implements NodeLeases {
  readonly #memory: string;
  readonly #now: () => number;
  readonly #leases = new Map<NodeId, Lease>();
  /** Names that are never taken again. */
  readonly #burials = new Map<NodeId, Burial>();
  #turnUntil = Number.NEGATIVE_INFINITY;

  /** @param now - epoch milliseconds */
  constructor(memory: string, now: () => number) {
    this.#memory = memory;
    this.#now = now;
  }

  async beat(self: NodeId): Promise<Beat> {
    const now = this.#now();
    const lease = this.#leases.get(self);
    if (!this.#burials.has(self)) {
      const isSteady = lease !== undefined && now - lease.beatAt < GAP_MS;
      this.#leases.set(self, { beatAt: now, steadySince: isSteady ? lease.steadySince : now });
    }
    const known = [...this.#leases.keys(), ...this.#burials.keys()];
    return {
      isKnown: lease !== undefined,
      at: now,
      memory: this.#memory,
      alive: [...this.#leases.keys()].filter((node) => !this.#isSilent(node)),
      silent: known.filter((node) => this.#isSilent(node)),
    };
  }

  async claim(dead: NodeId, self: NodeId): Promise<Passing | undefined> {
    const now = this.#now();
    const own = this.#leases.get(self);
    if (own === undefined || !this.#isSilent(dead)) return undefined;
    const hasLeft = this.#leases.get(dead)?.beatAt === Number.NEGATIVE_INFINITY;
    if (!hasLeft && now - own.steadySince < LEASE_MS) return undefined;
    this.#leases.delete(dead);
    this.#burials.set(dead, { by: self, since: now, isDone: false });
    return hasLeft ? 'left' : 'died';
  }

  async buried(dead: NodeId): Promise<void> {
    const burial = this.#burials.get(dead);
    if (burial !== undefined) burial.isDone = true;
  }

  async leave(self: NodeId): Promise<void> {
    const lease = this.#leases.get(self);
    if (lease !== undefined) lease.beatAt = Number.NEGATIVE_INFINITY;
  }

  async takeTurn(ms: number): Promise<boolean> {
    const now = this.#now();
    if (now < this.#turnUntil) return false;
    this.#turnUntil = now + ms;
    return true;
  }

  /** Whether somebody is to bury it. */
  #isSilent(node: NodeId): boolean {
    const burial = this.#burials.get(node);
    const since = burial === undefined ? this.#leases.get(node)?.beatAt : burial.since;
    return since !== undefined && !burial?.isDone && this.#now() - since >= LEASE_MS;
  }
}
