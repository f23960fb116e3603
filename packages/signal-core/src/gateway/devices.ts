import type { Deliver } from '../calls/deliver.js';
import type { DeviceKey } from '../domain/ids.js';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import type { Connection } from './connection.js';
import { Mailbox } from './mailbox.js';
import { encodeEvent } from './wire.js';

interface Held {
  connection: Connection;
  legacy: boolean;
  mailbox: Mailbox | undefined;
}

/** The devices that this server holds: where a message to a device goes, and what waits while it is lost. */
export class Devices implements Deliver {
  readonly #held = new Map<DeviceKey, Held>();

  toDevice<E extends ServerEvent>(device: DeviceKey, event: E, payload: ServerPayloads[E]): void {
    const held = this.#held.get(device);
    if (held === undefined || (held.legacy && isEndOfCandidates(payload))) return;
    if (held.connection.isOpen) {
      held.connection.send(event, payload);
      return;
    }
    // a returning device is rung again if the call still rings, so a ring is not kept
    if (event === 'incoming_call') return;
    held.mailbox ??= new Mailbox();
    held.mailbox.push(encodeEvent(event, payload));
  }

  /**
   * From now on the connection speaks for the device.
   *
   * @returns the connection that did before, and what waited for the device
   */
  hold(
    device: DeviceKey,
    connection: Connection,
    legacy: boolean,
  ): { before: Connection | undefined; waiting: string[] } {
    const held = this.#held.get(device);
    this.#held.set(device, { connection, legacy, mailbox: undefined });
    return { before: held?.connection, waiting: held?.mailbox?.take() ?? [] };
  }

  forget(device: DeviceKey): void {
    this.#held.delete(device);
  }

  /** The connections that speak for a joined device. */
  connections(): Connection[] {
    return Array.from(this.#held.values(), (held) => held.connection).filter((connection) => connection.isOpen);
  }
}

/** Legacy devices hand every candidate to `new RTCIceCandidate`, which throws on null. */
function isEndOfCandidates(payload: object): boolean {
  return 'candidate' in payload && payload.candidate === null;
}
