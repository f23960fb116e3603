import type { Cancel } from '../clock.js';
import { exhausted } from '../domain/exhausted.js';
import type { NodeId } from '../domain/ids.js';
import type { Logger } from '../log.js';
import { BEAT_MS, type Beat, LEASE_MS, type NodeLeases } from '../stores/nodes.js';
import { type Duty, judgeBeat } from './judge-beat.js';
import type { StoreClock } from './store-clock.js';

/** How often it is said, in milliseconds: twice as often as must be, since whoever says it also hears who is silent. */
const EVERY_MS = BEAT_MS / 2;

interface Parts {
  leases: NodeLeases;
  clock: StoreClock;
  log: Logger;
  /** What this node is called now. */
  self(): NodeId;
  /** Hears what the stores say of the others, and how this one stands with them. */
  onBeat(beat: Beat): void;
  /** Takes over what a dead node held. @returns whether nothing of it is left */
  bury(dead: NodeId): Promise<boolean>;
  /** Lets everything go that others hold, and takes another name. */
  beginAnew(): void;
  /** Tells the stores what this node holds. */
  tellAgain(): Promise<void>;
}

/**
 * Says that this node lives, and does what it hears is to be done.
 *
 * @see SPEC.md, rules NODE-6, NODE-7, NODE-10, NODE-14 and NODE-17
 */
export class Membership {
  readonly #parts: Parts;
  readonly #cancel: Cancel;
  #isBeating = false;
  #memory: string | undefined;
  #beatAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;
  readonly #burying = new Set<NodeId>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cancel = parts.clock.every(EVERY_MS, () => this.beat());
    void this.beat();
  }

  /** Names the memory of the stores, as it was heard last. */
  get memory(): string | undefined {
    return this.#memory;
  }

  /** Whether the stores are known to be away: the last beat failed. */
  get isAway(): boolean {
    return this.#hasFailed;
  }

  /** Whether the others believe that this node lives. */
  get isMember(): boolean {
    return !this.#hasFailed && this.#parts.clock.steady() - this.#beatAt < LEASE_MS;
  }

  /** Says it now, unless it does already. Never fails. */
  async beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    const { leases, clock, log, self, onBeat } = this.#parts;
    let duties: Duty[] = [];
    try {
      const name = self();
      const askedAt = clock.steady();
      const beat = await leases.beat(name);
      clock.heed(beat.at, askedAt);
      const isBack = this.#hasFailed;
      if (isBack) log.info({ node: name }, 'the stores are back');
      this.#hasFailed = false;
      this.#beatAt = clock.steady();
      onBeat(beat);
      duties = judgeBeat(this.#memory, beat, name, isBack);
      this.#memory = beat.memory;
    } catch (error) {
      if (!this.#hasFailed) log.warn({ err: error }, 'the stores are away');
      this.#hasFailed = true;
    } finally {
      this.#isBeating = false;
    }
    for (const duty of duties) this.#carryOut(duty);
  }

  /** This node goes: what it held is for others, at once. Never fails. */
  async leave(): Promise<void> {
    this.#cancel();
    const { leases, log, self } = this.#parts;
    await leases.leave(self()).catch((error: unknown) => log.warn({ err: error }, 'the others were not told'));
  }

  close(): void {
    this.#cancel();
  }

  #carryOut(duty: Duty): void {
    const { log, self, beginAnew, tellAgain } = this.#parts;
    switch (duty.type) {
      case 'join':
        log.info({ node: self() }, 'this node has joined the others');
        break;
      case 'begin_anew': {
        const former = self();
        beginAnew();
        log.warn({ former, node: self() }, 'this node was declared dead, and begins anew');
        this.#memory = undefined;
        void this.beat();
        break;
      }
      case 'tell_again':
        tellAgain().catch((error: unknown) => log.error({ err: error }, 'the stores could not be told again'));
        break;
      case 'bury':
        void this.#bury(duty.node);
        break;
      default:
        exhausted(duty);
    }
  }

  /** What fails is tried again when the burial has not ended in time. */
  async #bury(dead: NodeId): Promise<void> {
    if (this.#burying.has(dead)) return;
    this.#burying.add(dead);
    const { leases, log, self, bury } = this.#parts;
    try {
      const passing = await leases.claim(dead, self());
      if (passing === undefined) return;
      if (passing === 'left') log.info({ node: dead }, 'a node has left, and what it held is taken over');
      else log.warn({ dead }, 'a node is dead, and what it held is taken over');
      if (await bury(dead)) await leases.buried(dead);
    } catch (error) {
      log.warn({ err: error, dead }, 'a dead node could not be buried, and will be');
    } finally {
      this.#burying.delete(dead);
    }
  }
}
