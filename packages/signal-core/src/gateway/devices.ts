import type { Deliver } from '../calls/deliver.js';
import type { Feature } from '../domain/feature.js';
import type { DeviceKey } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import type { Connection } from './connection.js';
import { Mailbox } from './mailbox.js';
import { Rings } from './rings.js';
import { encodeEvent } from './wire.js';

interface Held {
  connection: Connection;
  legacy: boolean;
  features: readonly Feature[];
  rings: Rings;
  mailbox: Mailbox | undefined;
}

/** The devices that this server holds: where a message to a device goes, and what waits while it is lost. */
export class Devices implements Deliver {
  readonly #held = new Map<DeviceKey, Held>();

  toDevice<E extends ServerEvent>(device: DeviceKey, event: E, payload: ServerPayloads[E]): void {
    const held = this.#held.get(device);
    if (held === undefined || !isFor(held, event, payload)) return;
    if (held.connection.isOpen) {
      held.connection.send(event, payload);
      return;
    }
    held.mailbox ??= new Mailbox();
    held.mailbox.push(encodeEvent(event, payload));
  }

  takes(device: DeviceKey, feature: Feature): boolean {
    return this.#held.get(device)?.features.includes(feature) ?? false;
  }

  /**
   * From now on the connection speaks for the device.
   *
   * @returns the connection that did before, and what waited for the device
   */
  hold(
    { device, legacy, features }: Session,
    connection: Connection,
  ): { before: Connection | undefined; waiting: string[] } {
    const held = this.#held.get(device);
    const rings = held?.rings.forNewConnection() ?? new Rings();
    this.#held.set(device, { connection, legacy, features, rings, mailbox: undefined });
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

/** Whether the device can take the message, and knows what it is about. A ring is never kept: it is made again. */
function isFor<E extends ServerEvent>(held: Held, event: E, payload: ServerPayloads[E]): boolean {
  switch (event) {
    case 'ice_candidate':
      // legacy devices hand every candidate to `new RTCIceCandidate`, which throws on null
      return !(held.legacy && (payload as ServerPayloads['ice_candidate']).candidate === null);
    case 'incoming_call':
      return held.rings.ring((payload as ServerPayloads['incoming_call']).callId, held.connection.isOpen);
    case 'call_ended':
      return held.rings.end((payload as ServerPayloads['call_ended']).callId);
    default:
      return true;
  }
}
