import type { DeviceKey, UserId } from '../domain/ids.js';
import type { Session } from '../domain/session.js';

/** A session appeared, changed, or (without `session`) is gone. */
export interface SessionChange {
  device: DeviceKey;
  session: Session | undefined;
}

/** Sessions by device, compare-and-set on the connection that speaks for the device. */
export interface PresenceStore {
  /** In the order of joining: a session that is taken over comes last, one that is lost keeps its place. */
  sessionsOf(userId: UserId): Promise<Session[]>;
  /**
   * Writes or, without `session`, removes a session.
   *
   * @param expectedSocketId - the connection that the stored session must have; `undefined` for no session
   * @returns `false`, with nothing written, when it has another
   */
  swap(change: SessionChange, expectedSocketId: string | undefined): Promise<boolean>;
  /**
   * Tells of every change, in order.
   *
   * @param onReset - told all sessions: first of all, and whenever changes may have been missed
   * @returns how to stop
   */
  subscribe(listener: (change: SessionChange) => void, onReset?: (sessions: Session[]) => void): () => void;
}
