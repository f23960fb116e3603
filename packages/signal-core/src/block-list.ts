import type { SeeHook } from './hooks.js';

/** That a user, the owner, wants nothing to do with another. */
export type Block = readonly [owner: string, blocked: string];

/**
 * Who has blocked whom: whom a user blocks no longer sees or reaches that user, and is not told so. The other way round
 * nothing changes. It lives in memory; to keep it, store what {@link toJSON} gives.
 *
 * @example
 * const blocks = new BlockList(await db.blocks.all());
 * const signaling = new SignalingServer({ auth, canSee: blocks.canSee });
 * blocks.block('alice', 'mallory');
 * signaling.visibilityChanged();
 * @see SPEC.md, rule SEE-3
 */
export class BlockList implements Iterable<Block> {
  readonly #blocked = new Map<string, Set<string>>();

  /** @param blocks - as {@link toJSON} gave them */
  constructor(blocks: Iterable<Block> = []) {
    for (const [owner, blocked] of blocks) this.block(owner, blocked);
  }

  /** The option `canSee` of a server. */
  readonly canSee: SeeHook = (viewer, other) => !this.isBlocked(other.id, viewer.id);

  /** @returns whether this is new: if so, tell the server `visibilityChanged()` */
  block(owner: string, blocked: string): boolean {
    if (this.isBlocked(owner, blocked)) return false;
    this.#blocked.set(owner, (this.#blocked.get(owner) ?? new Set()).add(blocked));
    return true;
  }

  /** @returns whether there was such a block: if so, tell the server `visibilityChanged()` */
  unblock(owner: string, blocked: string): boolean {
    const all = this.#blocked.get(owner);
    const wasBlocked = all?.delete(blocked) ?? false;
    if (all?.size === 0) this.#blocked.delete(owner);
    return wasBlocked;
  }

  isBlocked(owner: string, blocked: string): boolean {
    return this.#blocked.get(owner)?.has(blocked) ?? false;
  }

  *[Symbol.iterator](): Generator<Block> {
    for (const [owner, all] of this.#blocked) for (const blocked of all) yield [owner, blocked];
  }

  /** Every block, for the host's own storage. */
  toJSON(): Block[] {
    return [...this];
  }
}
