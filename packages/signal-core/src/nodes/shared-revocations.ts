import type { Cancel, Clock } from '../clock.js';
import type { Revocation } from '../domain/revocation.js';
import type { Revocations } from '../domain/revocations.js';
import type { Logger } from '../log.js';
import type { RevocationStore } from '../stores/revocation-store.js';
import { StoreAway } from './guarded-stores.js';

/** How often it is asked what other nodes took back, in milliseconds: their messages may have been lost. */
const EVERY_MS = 5_000;

/** How many are written at once. */
const PAGE = 1_000;

interface Parts {
  store: RevocationStore;
  /** What this node knows. */
  known: Revocations;
  /** Disconnects whoever lives by what is new. */
  heed(revocations: Revocation[]): Promise<void>;
  clock: Clock;
  log: Logger;
}

/**
 * Keeps what this node knows to be taken back and the store alike: whatever one of them has missed.
 *
 * @see SPEC.md, rule NODE-16
 */
export class SharedRevocations {
  readonly #parts: Parts;
  readonly #cancel: Cancel;
  #cursor = 0;
  /** The store may not have all that is known here. */
  #isBehind = false;
  #isLooking = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cancel = parts.clock.every(EVERY_MS, () => this.look());
    void this.look();
  }

  /** What the store does not take now it is told later. @throws whatever the store throws */
  async save(revocation: Revocation): Promise<void> {
    try {
      await this.#parts.store.add([revocation]);
    } catch (error) {
      this.#isBehind = true;
      throw error;
    }
  }

  /** The store may have forgotten something, or everything. Never fails. */
  tellAgain(): Promise<void> {
    this.#isBehind = true;
    return this.look();
  }

  /** Looks now, unless it does already. Never fails. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { store, heed, log } = this.#parts;
    try {
      if (this.#isBehind) await this.#writeAll();
      for (;;) {
        const { revocations, cursor } = await store.since(this.#cursor);
        if (revocations.length === 0) break;
        this.#cursor = cursor;
        await heed(revocations);
      }
    } catch (error) {
      if (!(error instanceof StoreAway)) log.error({ err: error }, 'revocations could not be held against the store');
    } finally {
      this.#isLooking = false;
    }
  }

  close(): void {
    this.#cancel();
  }

  async #writeAll(): Promise<void> {
    const { store, known } = this.#parts;
    this.#isBehind = false;
    this.#cursor = 0;
    const all = known.all();
    try {
      for (let start = 0; start < all.length; start += PAGE) await store.add(all.slice(start, start + PAGE));
    } catch (error) {
      this.#isBehind = true;
      throw error;
    }
  }
}
