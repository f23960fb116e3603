import { type DeviceKey, type UserId, userOf } from '../../domain/ids.js';
import type { Session } from '../../domain/session.js';
import type { PresenceStore, SessionChange } from '../presence-store.js';
import { deepFreeze } from './deep-freeze.js';

/** Sessions in the memory of one process. */
export class MemoryPresenceStore implements PresenceStore {
  readonly #sessions = new Map<UserId, Map<DeviceKey, Session>>();
  readonly #listeners = new Set<(change: SessionChange) => void>();

  async sessionsOf(userId: UserId): Promise<Session[]> {
    return [...(this.#sessions.get(userId)?.values() ?? [])];
  }

  async swap(change: SessionChange, expectedSocketId: string | undefined): Promise<boolean> {
    const user = userOf(change.device);
    const sessions = this.#sessions.get(user) ?? new Map<DeviceKey, Session>();
    if (sessions.get(change.device)?.socketId !== expectedSocketId) return false;
    const own = deepFreeze(structuredClone(change));
    const { device, session } = own;
    // a join comes last, a loss keeps its place
    if (session?.lostAt === undefined) sessions.delete(device);
    if (session !== undefined) sessions.set(device, session);
    if (sessions.size > 0) this.#sessions.set(user, sessions);
    else this.#sessions.delete(user);
    for (const listener of this.#listeners) listener(own);
    return true;
  }

  subscribe(listener: (change: SessionChange) => void, onReset?: (sessions: Session[]) => void): () => void {
    onReset?.([...this.#sessions.values()].flatMap((sessions) => [...sessions.values()]));
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
