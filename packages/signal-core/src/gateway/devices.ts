import type { Deliver } from '../calls/deliver.js';
import type { Feature } from '../domain/feature.js';
import type { CallId, DeviceKey } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { KeptHeld } from '../nodes/kept.js';
import type { ClientPayload } from '../protocol/client-events.js';
import type { ResumedCall, ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import type { Connection } from './connection.js';
import { dismissReplaced } from './dismiss.js';
import { EventStreams } from './event-streams.js';
import { Mailbox } from './mailbox.js';
import { Rings } from './rings.js';
import { encodeEvent } from './wire.js';

interface Held {
  /** None when it was lost at another node, and has not come back yet. */
  connection: Connection | undefined;
  session: Session;
  rings: Rings;
  /** What waits while it is lost, for a device that does not resume. */
  mailbox: Mailbox | undefined;
  /** The calls of a device that does. */
  streams: EventStreams | undefined;
}

/** A connection that now speaks for a device. */
export interface Hold {
  /** The connection that did before. */
  before: Connection | undefined;
  /** What is to be sent to it now, encoded. */
  waiting: string[];
  /** An answer for each call that it asked to resume. */
  resumed: ResumedCall[];
}

/** The devices that this server holds: where a message to a device goes, and what waits while it is lost. */
export class Devices implements Deliver {
  readonly #held = new Map<DeviceKey, Held>();
  readonly #expected = new Set<string>();
  readonly #now: () => number;

  /** @param now - epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The devices whose last connection is such a one: those that are lost are among them. */
  sessionsOf(isOne: (connection: Connection) => boolean): Session[] {
    return [...this.#held.values()].flatMap(({ connection, session }) =>
      connection !== undefined && isOne(connection) ? session : [],
    );
  }

  /** The connection that spoke last for a device that is held here. */
  socketOf(device: DeviceKey): string | undefined {
    return this.#held.get(device)?.session.socketId;
  }

  toDevice<E extends ServerEvent>(device: DeviceKey, event: E, payload: ServerPayloads[E]): boolean {
    const held = this.#held.get(device);
    if (held === undefined || !isFor(held, event, payload)) return false;
    const text = encodeEvent(event, payload);
    const callId = 'callId' in payload ? payload.callId : undefined;
    if (held.streams !== undefined && callId !== undefined) this.#toStream(held, held.streams, event, callId, text);
    else if (held.connection?.isOpen) held.connection.write(text);
    else {
      held.mailbox ??= new Mailbox();
      held.mailbox.push(text);
    }
    return true;
  }

  takes(device: DeviceKey, feature: Feature, callId: CallId = ''): boolean {
    const held = this.#held.get(device);
    if (held === undefined || !held.session.features.includes(feature)) return false;
    if (feature !== 'early_candidates') return true;
    // what does not show the ring, or not any more, is rung (anew), and hears them then
    return held.streams?.has(callId) ?? (isOpen(held) && held.rings.isShown(callId));
  }

  closeCall(device: DeviceKey, callId: CallId): void {
    this.#held.get(device)?.streams?.forget(callId);
  }

  /**
   * What was to be sent to a device within a call has a gap: a device that resumes comes back, and is told that it has
   * not got everything.
   *
   * @see SPEC.md, rule NODE-4
   */
  spoil(device: DeviceKey, callId: CallId): void {
    const held = this.#held.get(device);
    if (held?.streams === undefined) return;
    if (held.streams.forget(callId)) held.connection?.cut();
  }

  /** Every device that is held here. */
  all(): Session[] {
    return [...this.#held.values()].map(({ session }) => session);
  }

  /** Whether the connection of the session is there. */
  isOpen({ device, socketId }: Session): boolean {
    return this.openOf(device)?.socketId === socketId;
  }

  /** The session of a device whose connection is there. */
  openOf(device: DeviceKey): Session | undefined {
    const held = this.#held.get(device);
    return held !== undefined && isOpen(held) ? held.session : undefined;
  }

  /** Whether a connection is joining. */
  isExpected(socketId: string): boolean {
    return this.#expected.has(socketId);
  }

  /** A connection begins to join; it must be held, or turned away. */
  expect(connection: Connection): void {
    this.#expected.add(connection.id);
  }

  /** It will not be held: it failed, or a newer connection of the device was faster. */
  turnAway(socketId: string): void {
    this.#expected.delete(socketId);
  }

  /**
   * From now on the connection speaks for the device of the session.
   *
   * @param resume - the calls that it knows, and up to where
   * @returns `undefined` when it was turned away meanwhile
   */
  hold(session: Session, connection: Connection, resume: ClientPayload<'join'>['resume'] = []): Hold | undefined {
    if (!this.#expected.delete(connection.id)) return undefined;
    const held = this.#held.get(session.device);
    const rings = held?.rings.forNewConnection() ?? new Rings();
    const before =
      (held?.streams && isSame(held.session.features, session.features) && held.streams) || new EventStreams();
    const { resumed, missed } = before.resume(resume);
    const streams = session.features.includes('resume') ? before : undefined;
    this.#held.set(session.device, { connection, session, rings, mailbox: undefined, streams });
    return { before: held?.connection, waiting: [...(held?.mailbox?.take() ?? []), ...missed], resumed };
  }

  /**
   * A device that was held by another node, and has no connection here yet: what comes for it waits.
   *
   * @param kept - what that node had kept for it, if it could be asked
   */
  adopt(session: Session, kept?: KeptHeld): void {
    // the other node has spoken for it since
    dismissIfOpen(this.#held.get(session.device));
    const { device, features } = session;
    const streams = kept && isSame(kept.features, features) ? kept.streams : undefined;
    this.#held.set(device, {
      connection: undefined,
      session,
      rings: new Rings(kept?.missedRings),
      mailbox: new Mailbox(kept?.texts),
      streams: features.includes('resume') ? EventStreams.from(streams) : undefined,
    });
  }

  /**
   * Another node holds the device from now on, by a connection that replaced one of here.
   *
   * @param socketId - of the connection that was replaced
   * @returns what was kept for the device; `undefined` when it is not here, or by another connection
   */
  release(device: DeviceKey, socketId: string): KeptHeld | undefined {
    this.turnAway(socketId);
    const held = this.#held.get(device);
    if (held?.session.socketId !== socketId) return undefined;
    this.#held.delete(device);
    dismissIfOpen(held);
    const { session, mailbox, streams, rings } = held;
    const kept = streams?.toKept();
    return {
      features: [...session.features],
      texts: mailbox?.take() ?? [],
      ...(kept !== undefined && { streams: kept }),
      missedRings: rings.missed(),
    };
  }

  /** @param socketId - of the connection that spoke for it last: a newer one is kept */
  forget(device: DeviceKey, socketId: string): void {
    if (this.#held.get(device)?.session.socketId === socketId) this.#held.delete(device);
  }

  /** Forgets a device that has no connection here. */
  forgetLost(device: DeviceKey): void {
    const held = this.#held.get(device);
    if (held !== undefined && !isOpen(held)) this.#held.delete(device);
  }

  /** Lets what was kept of ended calls go. */
  sweep(): void {
    for (const { streams } of this.#held.values()) streams?.sweep(this.#now());
  }

  #toStream(held: Held, streams: EventStreams, event: ServerEvent, callId: CallId, text: string): void {
    const numbered = streams.append(callId, text);
    if (held.connection?.isOpen) held.connection.write(numbered);
    if (event === 'call_ended' || event === 'call_rejected') streams.end(callId, this.#now());
  }
}

function isOpen({ connection }: Held): boolean {
  return connection?.isOpen ?? false;
}

function dismissIfOpen(held: Held | undefined): void {
  if (held?.connection?.isOpen) dismissReplaced(held.connection);
}

/** What is kept was made for what the device could take then. */
function isSame(before: readonly Feature[], now: readonly Feature[]): boolean {
  return before.length === now.length && before.every((feature) => now.includes(feature));
}

/** Whether the device can take the message, and knows what it is about. A ring is never kept: it is made again. */
function isFor<E extends ServerEvent>(held: Held, event: E, payload: ServerPayloads[E]): boolean {
  switch (event) {
    case 'ice_candidate':
      // legacy devices hand every candidate to `new RTCIceCandidate`, which throws on null
      return !(held.session.legacy && (payload as ServerPayloads['ice_candidate']).candidate === null);
    case 'incoming_call':
      return held.rings.ring((payload as ServerPayloads['incoming_call']).callId, isOpen(held));
    case 'call_ended':
      return held.rings.end((payload as ServerPayloads['call_ended']).callId);
    case 'call_status':
      return !held.rings.isMissed((payload as ServerPayloads['call_status']).callId);
    default:
      return true;
  }
}
