import type { Clock } from '../clock.js';
import { type DeviceKey, type NodeId, type UserId, userOf } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { Logger } from '../log.js';
import type { SessionChange } from '../stores/presence-store.js';
import type { Keeper } from './keeper.js';

/** How long whoever took a device over has for asking, in milliseconds. */
const ASKED_WITHIN_MS = 2_000;

interface Parts {
  keeper: Pick<Keeper, 'socketOf' | 'release' | 'forgetLost'>;
  /** What this node is called now. */
  self(): NodeId;
  /** As the store has them. */
  sessionsOf(user: UserId): Promise<Session[]>;
  /** A device is lost elsewhere by an old connection. @returns whether one of here speaks for it, and is stored again */
  reclaim(session: Session): Promise<boolean>;
  /** A device was given up that another node holds. */
  onGone(device: DeviceKey, to: NodeId): void;
  clock: Clock;
  log: Logger;
}

/**
 * Devices that are held here by another connection than their sessions say: whoever took one over, or removed it, may
 * never come to say so.
 *
 * @see SPEC.md, rule NODE-5
 */
export class Strays {
  readonly #parts: Parts;
  /** Since when. */
  readonly #suspects = new Map<DeviceKey, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  noticed({ device, session }: SessionChange): void {
    const { keeper, clock } = this.#parts;
    const socketId = keeper.socketOf(device);
    if (socketId !== undefined && socketId !== session?.socketId) this.#suspects.set(device, clock.now());
    else this.#suspects.delete(device);
  }

  /** Gives up those that nobody asked for in time. */
  async sweep(): Promise<void> {
    const { clock, log } = this.#parts;
    const latest = clock.now() - ASKED_WITHIN_MS;
    try {
      for (const [device, since] of this.#suspects) if (since <= latest) await this.#judge(device);
    } catch (error) {
      log.warn({ err: error }, 'it could not be seen where a device is; it is looked at again');
    }
  }

  async #judge(device: DeviceKey): Promise<void> {
    const { keeper, sessionsOf, self, reclaim, onGone } = this.#parts;
    const socketId = keeper.socketOf(device);
    const session = (await sessionsOf(userOf(device))).find((each) => each.device === device);
    this.#suspects.delete(device);
    // a connection that came meanwhile is none of those that the store was asked about
    if (socketId === undefined || socketId !== keeper.socketOf(device)) return;
    if (session?.socketId === socketId || session?.node === self()) return;
    // had it been a newer one, it would have asked for the device
    if (session?.lostAt !== undefined && (await reclaim(session))) return;
    if (session?.node === undefined) keeper.forgetLost(device);
    else if (keeper.release(device, socketId) !== undefined) onGone(device, session.node);
  }
}
