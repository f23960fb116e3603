import type { DeviceKey, UserId } from '../domain/ids.js';
import type { KeptEarly } from '../nodes/kept.js';
import type { Candidate } from './candidate.js';

const HOLD_MS = 10_000;
const MAX_BY_PAIR = 64;
const MAX_BY_DEVICE = 128;

/**
 * Candidates that come before their call: gathering starts with the local offer. They serve that device's
 * next call to that user.
 *
 * @see SPEC.md, rule ICE-4
 */
export class EarlyCandidates {
  readonly #held = new Map<DeviceKey, KeptEarly[]>();

  /** @returns `false` when the device has too many waiting */
  hold(device: DeviceKey, to: UserId, candidate: Candidate, now: number): boolean {
    const held = (this.#held.get(device) ?? []).filter((early) => early.until > now);
    if (held.length >= MAX_BY_DEVICE) return false;
    if (held.filter((early) => early.to === to).length >= MAX_BY_PAIR) return false;
    held.push({ to, candidate, until: now + HOLD_MS });
    this.#held.set(device, held);
    return true;
  }

  /** Hands out what waits for a call to that user, in the order sent, and forgets it. */
  take(device: DeviceKey, to: UserId, now: number): Candidate[] {
    const held = this.#held.get(device);
    if (held === undefined) return [];
    const others = held.filter((early) => early.to !== to);
    if (others.length > 0) this.#held.set(device, others);
    else this.#held.delete(device);
    return held.filter((early) => early.to === to && early.until > now).map((early) => early.candidate);
  }

  /** Hands out all that waits of the device, and forgets it. */
  release(device: DeviceKey): KeptEarly[] {
    const held = this.#held.get(device) ?? [];
    this.#held.delete(device);
    return held;
  }

  /** Holds what another node held. */
  adopt(device: DeviceKey, held: KeptEarly[]): void {
    if (held.length > 0) this.#held.set(device, held);
  }

  sweep(now: number): void {
    for (const [device, held] of this.#held) {
      if (held.every((early) => early.until <= now)) this.#held.delete(device);
    }
  }
}
