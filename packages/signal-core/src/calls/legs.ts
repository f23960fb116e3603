import type { CallId, DeviceKey, UserId } from '../domain/ids.js';
import { type Leg, newLeg } from './leg.js';

/** The legs of all live calls, by device and by call. */
export class Legs {
  readonly #byDevice = new Map<DeviceKey, Leg[]>();
  readonly #devices = new Map<CallId, Set<DeviceKey>>();

  has(device: DeviceKey): boolean {
    return this.#byDevice.has(device);
  }

  /** All of a device. */
  of(device: DeviceKey): readonly Leg[] {
    return this.#byDevice.get(device) ?? [];
  }

  /** All of a call. */
  in(callId: CallId): Leg[] {
    const devices = this.#devices.get(callId) ?? [];
    return [...devices].flatMap((device) => this.find(device, callId) ?? []);
  }

  find(device: DeviceKey, callId: CallId): Leg | undefined {
    for (const leg of this.#byDevice.get(device) ?? []) if (leg.callId === callId) return leg;
    return undefined;
  }

  /** The leg in the call named, or in the first one with that user. */
  findWith(device: DeviceKey, peerUser: UserId, callId: CallId | undefined): Leg | undefined {
    const legs = this.#byDevice.get(device);
    if (legs === undefined) return undefined;
    for (const leg of legs) {
      if (leg.peerUser === peerUser && (callId === undefined || leg.callId === callId)) return leg;
    }
    return undefined;
  }

  findOrAdd(device: DeviceKey, callId: CallId, peerUser: UserId): Leg {
    const known = this.find(device, callId);
    if (known !== undefined) return known;
    const leg = newLeg(device, callId, peerUser);
    this.#byDevice.set(device, [...(this.#byDevice.get(device) ?? []), leg]);
    const devices = this.#devices.get(callId);
    if (devices === undefined) this.#devices.set(callId, new Set([device]));
    else devices.add(device);
    return leg;
  }

  drop(device: DeviceKey, callId: CallId): void {
    const rest = this.#byDevice.get(device)?.filter((leg) => leg.callId !== callId) ?? [];
    if (rest.length > 0) this.#byDevice.set(device, rest);
    else this.#byDevice.delete(device);
    this.#devices.get(callId)?.delete(device);
  }

  dropCall(callId: CallId): void {
    for (const device of this.#devices.get(callId) ?? []) this.drop(device, callId);
    this.#devices.delete(callId);
  }
}
