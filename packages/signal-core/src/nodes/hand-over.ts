import type { Clock } from '../clock.js';
import { devicesOf, isLive } from '../domain/call.js';
import type { DeviceKey, NodeId, UserId } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { Logger } from '../log.js';
import type { NodeBus, NodeMessage } from '../stores/nodes.js';
import type { SessionChange } from '../stores/presence-store.js';
import type { Keeper } from './keeper.js';
import { type Kept, keptSchema } from './kept.js';
import { Moved } from './moved.js';
import { Questions } from './questions.js';
import { Strays } from './strays.js';

type MessageOf<Type extends NodeMessage['type']> = Extract<NodeMessage, { type: Type }>;
type Late = MessageOf<'relay'> | MessageOf<'call'>;

export interface HandOverParts {
  bus: Pick<NodeBus, 'send'>;
  /** What this node is called now. */
  self(): NodeId;
  /** As the store has them. */
  sessionsOf(user: UserId): Promise<Session[]>;
  keeper: Keeper;
  /** A device is lost elsewhere by an old connection. @returns whether one of here speaks for it, and is stored again */
  reclaim(session: Session): Promise<boolean>;
  clock: Clock;
  log: Logger;
  /** Takes a message that came while its device was on the way here. */
  receive(from: NodeId, message: NodeMessage): void;
}

/**
 * Devices go from node to node with what was kept for them. The swap in the presence store has named who takes a device
 * over from whom: each connection asks for it under the name of the one that it replaced, so that of many takeovers at
 * once each hands on what the one before it got.
 *
 * @see SPEC.md, rule NODE-5
 */
export class HandOver {
  readonly #parts: HandOverParts;
  readonly #moved: Moved;
  readonly #questions: Questions;
  /** Connections that are joining: what they take over may be on the way yet. */
  readonly #arriving = new Map<string, Promise<unknown>>();
  /** Devices that are on the way here, and what came for them too early. */
  readonly #coming = new Map<DeviceKey, [NodeId, Late][]>();
  readonly #strays: Strays;

  constructor(parts: HandOverParts) {
    this.#parts = parts;
    this.#moved = new Moved(parts.clock);
    this.#questions = new Questions(parts.clock);
    this.#strays = new Strays({ ...parts, onGone: (device, to) => this.#moved.add(device, to) });
  }

  /** Where a device is that was here until lately, and is not now. */
  movedTo(device: DeviceKey): NodeId | undefined {
    return this.#isHere(device) ? undefined : this.#moved.find(device);
  }

  /** A connection joins: who replaces it meanwhile waits for what it brings. */
  async during<T>(socketId: string, arrive: () => Promise<T>): Promise<T> {
    const arriving = arrive();
    this.#arriving.set(
      socketId,
      arriving.catch(() => {}),
    );
    try {
      return await arriving;
    } finally {
      this.#arriving.delete(socketId);
    }
  }

  /** The device of a session is held here from now on, with what was kept for it where it was `before`. Never fails. */
  async bring(session: Session, before: Session): Promise<void> {
    const { device } = session;
    const { bus, self, keeper } = this.#parts;
    this.#moved.forget(device);
    // one that tries again after it failed does not wait for itself
    if (before.socketId !== session.socketId) await this.#arriving.get(before.socketId);
    const { node, socketId } = before;
    if (node === undefined || node === self() || keeper.socketOf(device) === socketId) return;
    const early: [NodeId, Late][] = [];
    this.#coming.set(device, early);
    const answer = await this.#questions.ask(node, {
      send: (ask) => bus.send(node, { type: 'hand_over', ask, device, socketId }),
      heedLate: (late) => this.#adoptLate(session, this.#understand(late, node)),
    });
    if (this.#coming.get(device) === early) this.#coming.delete(device);
    this.#safely(() => keeper.adopt(session, this.#understand(answer, node)));
    for (const [from, message] of early) this.#parts.receive(from, message);
  }

  /** @returns whether there is nothing left to be done about the message */
  receive(from: NodeId, message: NodeMessage): boolean {
    switch (message.type) {
      case 'hand_over':
        void this.#give(from, message);
        return true;
      case 'handed_over':
        this.#questions.answer(from, message.ask, message.kept);
        return true;
      case 'relay':
        return this.#passOn(from, message, message.to);
      case 'call': {
        // other ends of it may be here
        for (const device of toPassOnFor(message)) this.#passOn(from, message, device);
        return false;
      }
      default:
        return false;
    }
  }

  /** Whoever took a device over, or removed it, may never come to say so. */
  noticed({ device, session }: SessionChange): void {
    // it has come back: wherever it went once, it is not there
    if (session?.node === this.#parts.self()) this.#moved.forget(device);
    this.#strays.noticed({ device, session });
  }

  /** Gives up what is not this node's any more, and nobody asked for; to be called every few seconds. */
  sweep(): Promise<void> {
    return this.#strays.sweep();
  }

  close(): void {
    this.#questions.close();
  }

  async #give(from: NodeId, { ask, device, socketId }: MessageOf<'hand_over'>): Promise<void> {
    const { bus, keeper, log } = this.#parts;
    let kept: Kept | undefined;
    try {
      await this.#arriving.get(socketId);
      kept = keeper.release(device, socketId);
    } catch (error) {
      log.error({ err: error, from }, 'a device could not be handed over');
    }
    if (kept !== undefined) this.#moved.add(device, from);
    // it was asked twice: an answer without anything might be there before the other one
    else if (this.movedTo(device) === from) return;
    bus.send(from, { type: 'handed_over', ask, kept });
  }

  #understand(answer: object | undefined, from: NodeId): Kept | undefined {
    if (answer === undefined) return undefined;
    const kept = keptSchema.safeParse(answer);
    if (!kept.success) this.#parts.log.error({ from }, 'what another node kept for a device could not be understood');
    return kept.data;
  }

  #adoptLate(session: Session, kept: Kept | undefined): void {
    const { keeper, log } = this.#parts;
    if (kept === undefined) return;
    // of whoever speaks for it since nobody knows what it was told
    if (keeper.socketOf(session.device) === session.socketId) this.#safely(() => keeper.adoptLate(session, kept));
    else log.warn({}, 'what another node kept for a device came too late');
  }

  #safely(adopt: () => void): void {
    try {
      adopt();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'what another node kept for a device could not be gone on with');
    }
  }

  /** A message for a device that is not here yet, or not any more. */
  #passOn(from: NodeId, message: Late, device: DeviceKey): boolean {
    const early = this.#coming.get(device);
    if (early !== undefined) {
      early.push([from, message]);
      return true;
    }
    const to = this.movedTo(device);
    const isRelay = message.type === 'relay';
    // calls are known where they come from; what was relayed comes back to where its receiver went, and goes in no circle
    const isKnownThere = to === from && (!isRelay || message.origin !== undefined);
    if (to === undefined || isKnownThere) return false;
    const passedOn = isRelay ? { origin: message.origin ?? from } : { passedOnFor: device };
    this.#parts.bus.send(to, { ...message, ...passedOn });
    return true;
  }

  #isHere(device: DeviceKey): boolean {
    return this.#parts.keeper.socketOf(device) !== undefined;
  }
}

/** Each device has one way; were a call passed on at each stop for all of them, it would go in circles. */
function toPassOnFor({ call, passedOnFor }: MessageOf<'call'>): DeviceKey[] {
  if (passedOnFor !== undefined) return [passedOnFor];
  const ends = isLive(call) ? devicesOf(call) : [call.callerDevice, call.calleeDevice];
  return ends.filter((device) => device !== undefined);
}
