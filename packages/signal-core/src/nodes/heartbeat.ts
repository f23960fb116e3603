import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import { BEAT_MS, type Beat, type NodeLeases } from '../stores/nodes.js';
import type { ThisNode } from './this-node.js';

interface Parts {
  leases: NodeLeases;
  node: ThisNode;
  clock: Clock;
  log: Logger;
  /** Hears of each beat that the store has taken. */
  onBeat?(beat: Beat): void;
}

/**
 * Says every 2 s that this node lives, and hears which others do.
 *
 * @see SPEC.md, rule NODE-6
 */
export class Heartbeat {
  readonly #parts: Parts;
  readonly #cancel: () => void;
  #isBeating = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cancel = parts.clock.every(BEAT_MS, () => this.beat());
    void this.beat();
  }

  /** Says it now, unless it does already. Never fails. */
  async beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    const { leases, node, log, onBeat } = this.#parts;
    try {
      const beat = await leases.beat(node.name);
      node.alive = beat.alive;
      onBeat?.(beat);
    } catch (error) {
      log.warn({ err: error }, 'this node could not say that it lives');
    } finally {
      this.#isBeating = false;
    }
  }

  close(): void {
    this.#cancel();
  }
}
