import type { Deliver } from '../../src/calls/deliver.ts';
import type { Feature } from '../../src/domain/feature.ts';
import { type DeviceKey, deviceIdOf } from '../../src/domain/ids.ts';

/** Where messages to devices end up: written down, in order. */
export class Outbox implements Deliver {
  #sent: { device: DeviceKey; event: string; payload: object }[] = [];
  readonly #features = new Map<DeviceKey, Feature[]>();
  /** Devices that no ring is shown to. */
  readonly #unshown = new Set<DeviceKey>();

  toDevice(device: DeviceKey, event: string, payload: object): boolean {
    if (event === 'incoming_call' && this.#unshown.has(device)) return false;
    this.#sent.push({ device, event, payload });
    return true;
  }

  closeCall(): void {}

  takes(device: DeviceKey, feature: Feature): boolean {
    return this.#features.get(device)?.includes(feature) ?? false;
  }

  /** From now on the device has these features, and no others. */
  equip(device: DeviceKey, ...features: Feature[]): void {
    this.#features.set(device, features);
  }

  /** From now on no ring reaches the device: it is lost, or has the call on its screen. */
  showNoRing(device: DeviceKey): void {
    this.#unshown.add(device);
  }

  /** What was sent since the last call of this. */
  take(): { device: DeviceKey; event: string; payload: object }[] {
    return this.#sent.splice(0);
  }

  /**
   * The same in words, such as `phone: ice_candidate 1` or `phone: ice_candidates 1 2`; candidates are named as
   * {@link candidate} made them.
   */
  lines(): string[] {
    return this.take().map(({ device, event, payload }) =>
      [`${deviceIdOf(device)}:`, event, ...named(payload)].join(' '),
    );
  }

  /** The lines that speak of candidates and begin with the name of the device. */
  candidatesTo(device: DeviceKey): string[] {
    const start = `${deviceIdOf(device)}: ice_`;
    return this.lines().filter((line) => line.startsWith(start));
  }
}

/** A candidate that is recognized by its name. */
export function candidate(name: string | number, usernameFragment?: string) {
  return {
    candidate: `candidate:${name} 1 udp 1 192.0.2.1 9 typ host`,
    sdpMid: '0',
    ...(usernameFragment !== undefined && { usernameFragment }),
  };
}

function named(payload: object): string[] {
  if ('candidates' in payload && Array.isArray(payload.candidates)) return payload.candidates.map(nameOf);
  if ('candidate' in payload) return [nameOf(payload.candidate)];
  return 'data' in payload ? [JSON.stringify(payload.data)] : [];
}

function nameOf(sent: unknown): string {
  return /candidate:(\S+)/.exec(String(Object(sent).candidate))?.[1] ?? String(sent);
}
