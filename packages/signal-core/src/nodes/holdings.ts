import type { Cancel, Clock } from '../clock.js';
import type { DeviceKey, NodeId } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { Logger } from '../log.js';
import type { SessionChange } from '../stores/presence-store.js';
import { bury } from './bury.js';
import { keepSessions } from './keep-sessions.js';

/** How often it is looked for sessions that nobody waits for, in milliseconds. */
const EVERY_MS = 30_000;

interface Parts {
  self(): NodeId;
  /** Of a node, as the store has them. */
  sessionsOf(node: NodeId): Promise<Session[]>;
  devices: {
    all(): Session[];
    isOpen(session: Session): boolean;
    /** The session of a device whose connection is there. */
    openOf(device: DeviceKey): Session | undefined;
    isExpected(socketId: string): boolean;
  };
  /** Holds a lost device of which nobody knows what it was sent. */
  adopt(lost: Session): void;
  sessions: {
    takeOver(session: Session, hold: (lost: Session) => void): Promise<boolean>;
    isAwaited(device: DeviceKey): boolean;
    /** Those that are lost, of which the stores were told in vain. */
    unheard(): Session[];
    remind(session: Session, isOpen: boolean, expectedSocketId?: string): Promise<void>;
    lose(session: Session): Promise<boolean>;
  };
  /** Another connection may speak for a device of this node. */
  onChange(change: SessionChange): void;
  clock: Clock;
  log: Logger;
}

/**
 * Sees to it that the stores say of the devices of this node what is true, whatever was missed on either side.
 *
 * @see SPEC.md, rules NODE-6, NODE-7 and NODE-10
 */
export class Holdings {
  readonly #parts: Parts;
  readonly #cancel: Cancel;
  /** Names under which sessions may be left. */
  readonly #former = new Set<NodeId>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cancel = parts.clock.every(EVERY_MS, () => this.#look([]));
  }

  /** Takes over what a dead node held. @returns whether nothing of it is left */
  bury(dead: NodeId): Promise<boolean> {
    const { sessionsOf, sessions, adopt, log } = this.#parts;
    const takeOver = (session: Session) => sessions.takeOver(session, adopt);
    return bury(dead, { sessionsOf, takeOver, log });
  }

  /** What was under way comes to the stores under a former name, when others may have buried that. */
  leaveBehind(former: NodeId): void {
    this.#former.add(former);
    void this.#look([]);
  }

  /** The stores may have forgotten whatever they were told. */
  tellAgain(): Promise<void> {
    return this.#look(this.#parts.devices.all());
  }

  /** These are all sessions; what became of them until now may have been missed. */
  compare(sessions: readonly Session[]): void {
    const { devices, onChange } = this.#parts;
    const stored = new Map(sessions.map((session) => [session.device, session]));
    const held = devices.all();
    for (const { device } of held) onChange({ device, session: stored.get(device) });
    void this.#look(held.filter((session) => devices.isOpen(session) && !stored.has(session.device)));
  }

  /**
   * Nobody speaks for a device any more by the session that is stored: who does here counts, which the stores must have
   * forgotten.
   *
   * @returns whether anybody does
   */
  async reclaim({ device, socketId }: Session): Promise<boolean> {
    const { devices, sessions } = this.#parts;
    const open = devices.openOf(device);
    if (open !== undefined) await sessions.remind(open, true, socketId);
    return open !== undefined;
  }

  /** Tells the stores again of losses that they may not have heard of; to be called every few seconds. */
  async sweep(): Promise<void> {
    const { sessions, log } = this.#parts;
    for (const session of sessions.unheard()) {
      if (this.#isThere(session)) continue;
      try {
        await this.#lose(session);
      } catch (error) {
        // the others will fare no better
        log.warn({ err: error }, 'the stores could not be told of a loss, and will be');
        return;
      }
    }
  }

  close(): void {
    this.#cancel();
  }

  /** @param forgotten - what the stores are to be told anew, if they do not know it */
  async #look(forgotten: Session[]): Promise<void> {
    const { self, sessionsOf, devices, sessions, log } = this.#parts;
    try {
      for (const name of this.#former) if (await this.bury(name)) this.#former.delete(name);
      await keepSessions({
        self,
        sessionsOf,
        held: () => forgotten,
        isOpen: (session) => this.#isThere(session),
        isAwaited: (device) => sessions.isAwaited(device),
        remind: (session) => sessions.remind(session, devices.isOpen(session)),
        lose: (session) => this.#lose(session),
      });
    } catch (error) {
      log.warn({ err: error }, 'the devices of this node could not be held against the store, and will be');
    }
  }

  #isThere(session: Session): boolean {
    const { devices } = this.#parts;
    return devices.isOpen(session) || devices.isExpected(session.socketId);
  }

  async #lose(session: Session): Promise<boolean> {
    return (await this.reclaim(session)) || this.#parts.sessions.lose(session);
  }
}
