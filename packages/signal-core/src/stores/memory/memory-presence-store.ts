import type { UserId } from '../../domain/ids.js';
import { userOf } from '../../domain/ids.js';
import type { Session } from '../../domain/session.js';
import type { PresenceStore, SessionChange } from '../presence-store.js';
import { deepFreeze } from './deep-freeze.js';

/** Sessions in the memory of one process. */
export class MemoryPresenceStore implements PresenceStore {
  readonly #sessions = new Map<UserId, Session[]>();
  readonly #listeners = new Set<(change: SessionChange) => void>();

  async sessionsOf(userId: UserId): Promise<Session[]> {
    return [...(this.#sessions.get(userId) ?? [])];
  }

  async swap(change: SessionChange, expectedSocketId: string | undefined): Promise<boolean> {
    const { device, session } = change;
    const user = userOf(device);
    const sessions = this.#sessions.get(user) ?? [];
    const index = sessions.findIndex((stored) => stored.device === device);
    if (sessions[index]?.socketId !== expectedSocketId) return false;
    const others = sessions.filter((stored) => stored.device !== device);
    const next = session === undefined ? others : [...others, deepFreeze(structuredClone(session))];
    if (next.length > 0) this.#sessions.set(user, next);
    else this.#sessions.delete(user);
    for (const listener of this.#listeners) listener(change);
    return true;
  }

  subscribe(listener: (change: SessionChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
