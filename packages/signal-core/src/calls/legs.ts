import type { CallId, DeviceKey, UserId } from '../domain/ids.js';
import { type Leg, newLeg } from './leg.js';

/** A call, and who is in it. */
type Parties = Pick<Leg, 'callId' | 'user' | 'peerUser'>;

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

  /** All of a call. Another scope may have one of the same id: between other users, or else it is their own doing. */
  in({ callId, user, peerUser }: Parties): Leg[] {
    const devices = [...(this.#devices.get(callId) ?? [])];
    const isOne = (leg: Leg) =>
      (leg.user === user && leg.peerUser === peerUser) || (leg.user === peerUser && leg.peerUser === user);
    return devices.flatMap((device) => this.find(device, callId) ?? []).filter(isOne);
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
    const devices = this.#devices.get(callId);
    devices?.delete(device);
    if (devices?.size === 0) this.#devices.delete(callId);
  }

  dropCall(call: Parties): void {
    for (const { device, callId } of this.in(call)) this.drop(device, callId);
  }
}
