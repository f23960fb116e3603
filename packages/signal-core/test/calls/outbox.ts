import type { Deliver } from '../../src/calls/deliver.ts';
import { type DeviceKey, deviceIdOf } from '../../src/domain/ids.ts';

/** Where messages to devices end up: written down, in order. */
export class Outbox implements Deliver {
  #sent: { device: DeviceKey; event: string; payload: object }[] = [];

  toDevice(device: DeviceKey, event: string, payload: object): void {
    this.#sent.push({ device, event, payload });
  }

  closeCall(): void {}

  takes(): boolean {
    return false;
  }

  /** What was sent since the last call of this. */
  take(): { device: DeviceKey; event: string; payload: object }[] {
    return this.#sent.splice(0);
  }

  /** The same in words, such as `phone: ice_candidate 1`; candidates are named as {@link candidate} made them. */
  lines(): string[] {
    return this.take().map(({ device, event, payload }) => {
      const name = 'candidate' in payload ? ` ${nameOf(payload.candidate)}` : '';
      return `${deviceIdOf(device)}: ${event}${name}`;
    });
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

function nameOf(sent: unknown): string {
  return /candidate:(\S+)/.exec(String(Object(sent).candidate))?.[1] ?? String(sent);
}
