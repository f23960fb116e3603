import type { Deliver } from '../calls/deliver.js';
import type { Feature } from '../domain/feature.js';
import type { CallId, DeviceKey } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { KeptHeld } from '../nodes/kept.js';
import type { ClientPayload } from '../protocol/client-events.js';
import type { ResumedCall, ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import { acceptedIn, stillNew } from './accepted.js';
import type { Connection } from './connection.js';
import { dismissReplaced } from './dismiss.js';
import { EventStreams } from './event-streams.js';
import { type Held, isFor, isOpen, write } from './held.js';
import { Mailbox } from './mailbox.js';
import { Rings } from './rings.js';
import { encodeEvent } from './wire.js';

/** A connection that now speaks for a device. */
export interface Hold {
  /** The connection that did before. */
  before: Connection | undefined;
  /** What is to be sent to it now, encoded. */
  waiting: string[];
  /** An answer for each call that it asked to resume. */
  resumed: ResumedCall[];
  /** Nobody knows what the device was told before. */
  isLate: boolean;
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
    else write(held, text);
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
    if (held !== undefined && !connection.isOpen) {
      // it was cut while it joined, and hears nothing: what waits goes on waiting
      this.#held.set(session.device, { ...held, connection, session });
      return { before: held.connection, waiting: [], resumed: [], isLate: false };
    }
    const rings = held?.rings.forNewConnection() ?? new Rings();
    const before =
      (held?.streams && isSame(held.session.features, session.features) && held.streams) || new EventStreams();
    const isLate = held?.isLate ?? true;
    const { resumed, missed } = before.resume(resume, isLate);
    const waiting = [...(held?.mailbox?.take() ?? []), ...missed];
    this.#held.set(session.device, {
      connection,
      session,
      rings,
      mailbox: undefined,
      streams: session.features.includes('resume') ? before : undefined,
      isLate: false,
      accepted: isLate ? acceptedIn(waiting) : undefined,
    });
    return { before: held?.connection, waiting, resumed, isLate };
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
    const isWhole = kept !== undefined && isSame(kept.features, features);
    this.#held.set(device, {
      connection: undefined,
      session,
      rings: new Rings(kept?.missedRings),
      mailbox: new Mailbox(kept?.texts),
      streams: features.includes('resume') ? EventStreams.from(isWhole ? kept.streams : []) : undefined,
      isLate: !isWhole || kept.isLate,
      accepted: undefined,
    });
  }

  /** What another node had kept comes after the device: who resumes was told that it is lost, and others get it now. */
  deliverLate(device: DeviceKey, { texts }: KeptHeld): void {
    const held = this.#held.get(device);
    if (held === undefined || held.streams !== undefined) return;
    if (held.isLate) held.mailbox = new Mailbox([...texts, ...(held.mailbox?.take() ?? [])]);
    else for (const text of stillNew(held.accepted, texts)) write(held, text);
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
    const { session, mailbox, streams, rings, isLate } = held;
    return {
      features: [...session.features],
      texts: mailbox?.take() ?? [],
      streams: streams?.toKept() ?? [],
      missedRings: rings.missed(),
      isLate,
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

function dismissIfOpen(held: Held | undefined): void {
  if (held?.connection?.isOpen) dismissReplaced(held.connection);
}

/** What is kept was made for what the device could take then. */
function isSame(before: readonly Feature[], now: readonly Feature[]): boolean {
  return before.length === now.length && before.every((feature) => now.includes(feature));
}
