import { perSecond, type Rate, spend, waitMs } from '../../domain/token-bucket.js';
import type { Limits } from '../../limits.js';
import type { ErrorCode } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';

const REFUSALS_MS = 10_000;

/** What invalid input costs: it was parsed for nothing, and whoever sends it is at fault. */
const COST_OF_INVALID = 4;

/** What a list of everybody costs: somebody who asks for one after the other would take more than all broadcasts do. */
const COST_OF_LIST = 10;

/** These tell that a client does not keep to what it may send, or tries who it may be. */
const COUNTED: readonly ErrorCode[] = [
  'rate_limited',
  'invalid_payload',
  'payload_too_large',
  'unauthorized',
  'token_expired',
  'identity_mismatch',
];

/** What every connection may ask for. */
export interface SocketLimits {
  readonly events: Rate;
  readonly candidates: Rate;
  /** In 10 s. */
  readonly refusals: number;
}

export function socketLimits(limits: Limits): SocketLimits {
  return {
    events: perSecond(limits.eventsPerSecond, limits.eventBurst),
    candidates: perSecond(limits.candidatesPerSecond, limits.candidateBurst),
    refusals: limits.refusalsPer10Seconds,
  };
}

/**
 * What one connection has left of its limits. Asked before anything that it sends is looked at: a few numbers, and
 * nothing is made.
 *
 * @see SPEC.md, rules LIMIT-2 and LIMIT-3
 */
export class Allowance {
  readonly #limits: SocketLimits;
  #eventsFullAt = 0;
  #candidatesFullAt = 0;
  #refusals = 0;
  #refusalsSince = 0;
  #hasListed = false;

  constructor(limits: SocketLimits) {
    this.#limits = limits;
  }

  /**
   * Takes what an event costs, if it is there.
   *
   * @param raw - the payload, whatever it is: each candidate of a batch counts
   * @returns milliseconds to wait, 0 when it was taken
   */
  take(event: unknown, raw: unknown, now: number): number {
    const { events, candidates } = this.#limits;
    const count = candidatesIn(event, raw);
    if (count === 0) {
      const wait = waitMs(this.#eventsFullAt, events, now, 1);
      if (wait === 0) this.#eventsFullAt = spend(this.#eventsFullAt, events, now, 1);
      return wait;
    }
    const wait = waitMs(this.#candidatesFullAt, candidates, now, count);
    if (wait === 0) this.#candidatesFullAt = spend(this.#candidatesFullAt, candidates, now, count);
    return wait;
  }

  /** What was taken turned out to be invalid. */
  chargeInvalid(event: unknown, raw: unknown, now: number): void {
    const { events, candidates } = this.#limits;
    const count = candidatesIn(event, raw);
    const more = COST_OF_INVALID - 1;
    if (count === 0) this.#eventsFullAt = spend(this.#eventsFullAt, events, now, more);
    else this.#candidatesFullAt = spend(this.#candidatesFullAt, candidates, now, more * count);
  }

  /** What was taken is answered by a list of who is online; the first one, at `join`, is free. */
  chargeList(now: number): void {
    const { events } = this.#limits;
    if (this.#hasListed) this.#eventsFullAt = spend(this.#eventsFullAt, events, now, COST_OF_LIST - 1);
    this.#hasListed = true;
  }

  /** Something was refused. @returns whether that was once too often */
  isExhaustedBy(code: ErrorCode, now: number): boolean {
    if (!COUNTED.includes(code)) return false;
    if (now >= this.#refusalsSince + REFUSALS_MS) {
      this.#refusalsSince = now;
      this.#refusals = 0;
    }
    this.#refusals += 1;
    return this.#refusals >= this.#limits.refusals;
  }
}

/** How many candidates an event brings; 0 for other events. What is no batch, or too long for one, is refused anyway. */
function candidatesIn(event: unknown, raw: unknown): number {
  if (event === 'ice_candidate') return 1;
  if (event !== 'ice_candidates') return 0;
  const batch: unknown = Object(raw).candidates;
  return Array.isArray(batch) ? Math.min(Math.max(batch.length, 1), LIMITS.candidatesPerBatch) : 1;
}
