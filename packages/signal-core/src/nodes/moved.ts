import type { Clock } from '../clock.js';
import type { DeviceKey, NodeId } from '../domain/ids.js';

/** How long messages for a device come late to where it was, in milliseconds. */
const REMEMBERED_MS = 60_000;

/** Where the devices are that were here until lately. */
export class Moved {
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #moved = new Map<DeviceKey, { to: NodeId; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(device: DeviceKey): NodeId | undefined {
    const moved = this.#moved.get(device);
    return moved !== undefined && moved.until > this.#clock.now() ? moved.to : undefined;
  }

  /** It is here again. */
  forget(device: DeviceKey): void {
    this.#moved.delete(device);
  }

  add(device: DeviceKey, to: NodeId): void {
    const now = this.#clock.now();
    this.#moved.delete(device);
    this.#moved.set(device, { to, until: now + REMEMBERED_MS });
    for (const [other, { until }] of this.#moved) {
      if (until > now) return;
      this.#moved.delete(other);
    }
  }
}
