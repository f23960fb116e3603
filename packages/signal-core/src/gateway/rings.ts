import type { CallId } from '../domain/ids.js';

/** How many rings of one device are remembered; it is rarely rung for more than one call. */
const MAX_RINGS = 32;

/**
 * What a device was shown of the calls that rang it: each ring once by connection, and no end of a ring that it missed,
 * since legacy clients close whatever call is on their screen.
 *
 * @see SPEC.md, rules CALL-20 and LOSS-8
 */
export class Rings {
  readonly #rings = new Map<CallId, 'shown' | 'missed'>();

  /** @param missed - rings that it knows nothing of yet */
  constructor(missed: readonly CallId[] = []) {
    for (const callId of missed) this.#rings.set(callId, 'missed');
  }

  /** Notes a ring. @returns whether to send it */
  ring(callId: CallId, isReachable: boolean): boolean {
    if (!isReachable) this.#rings.set(callId, 'missed');
    else if (this.#rings.get(callId) === 'shown') return false;
    else this.#rings.set(callId, 'shown');
    this.#forgetOldest();
    return isReachable;
  }

  /** Whether the device was rung in vain, and knows nothing of the call yet. */
  isMissed(callId: CallId): boolean {
    return this.#rings.get(callId) === 'missed';
  }

  /** Whether the present connection shows the ring. */
  isShown(callId: CallId): boolean {
    return this.#rings.get(callId) === 'shown';
  }

  /** Notes the end of a call. @returns whether the device knows of the call */
  end(callId: CallId): boolean {
    const wasMissed = this.isMissed(callId);
    this.#rings.delete(callId);
    return !wasMissed;
  }

  /** What a new connection of the device starts with: it has shown nothing yet. */
  forNewConnection(): Rings {
    return new Rings(this.missed());
  }

  /** The rings that the device knows nothing of yet. */
  missed(): CallId[] {
    return [...this.#rings.keys()].filter((callId) => this.isMissed(callId));
  }

  #forgetOldest(): void {
    if (this.#rings.size <= MAX_RINGS) return;
    for (const oldest of this.#rings.keys()) {
      this.#rings.delete(oldest);
      return;
    }
  }
}
