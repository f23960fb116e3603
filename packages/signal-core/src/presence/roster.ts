import type { Cancel, Clock } from '../clock.js';
import type { User } from '../domain/call.js';
import type { DeviceKey, UserId } from '../domain/ids.js';
import { isOnline, type Session } from '../domain/session.js';
import type { OnlineUser } from '../protocol/server-events.js';
import type { SessionChange } from '../stores/presence-store.js';

interface RosterOptions {
  clock: Clock;
  presenceGraceMs: number;
  /** The list says something else now. */
  onChange(): void;
  onOnline(user: User): void;
  onOffline(user: User): void;
}

/**
 * Who is online, kept from the stream of session changes: a user is while at least one device is.
 *
 * @see SPEC.md, section PRES
 */
export class Roster {
  readonly #sessions = new Map<UserId, Map<DeviceKey, Session>>();
  readonly #online = new Map<UserId, OnlineUser>();
  readonly #rechecks = new Map<DeviceKey, Cancel>();
  readonly #options: RosterOptions;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#online.size;
  }

  list(): OnlineUser[] {
    return [...this.#online.values()];
  }

  has(userId: UserId): boolean {
    return this.#online.has(userId);
  }

  apply({ device, session }: SessionChange, userId: UserId): void {
    const sessions = this.#sessions.get(userId) ?? new Map<DeviceKey, Session>();
    // a join comes last, a loss keeps its place
    if (session?.lostAt === undefined) sessions.delete(device);
    if (session !== undefined) sessions.set(device, session);
    if (sessions.size > 0) this.#sessions.set(userId, sessions);
    else this.#sessions.delete(userId);
    this.#rechecks.get(device)?.();
    this.#rechecks.delete(device);
    if (session?.lostAt !== undefined) this.#recheckAt(session.lostAt + this.#options.presenceGraceMs, device, userId);
    this.#refresh(userId);
  }

  close(): void {
    for (const cancel of this.#rechecks.values()) cancel();
    this.#rechecks.clear();
  }

  #recheckAt(time: number, device: DeviceKey, userId: UserId): void {
    const { clock } = this.#options;
    const recheck = () => {
      // timers may come a millisecond early
      if (clock.now() < time) return this.#recheckAt(time, device, userId);
      this.#rechecks.delete(device);
      this.#refresh(userId);
    };
    this.#rechecks.set(device, clock.after(Math.max(1, time - clock.now()), recheck));
  }

  #refresh(userId: UserId): void {
    const { clock, presenceGraceMs, onChange, onOnline, onOffline } = this.#options;
    const now = clock.now();
    const sessions = [...(this.#sessions.get(userId)?.values() ?? [])];
    const online = sessions.filter((session) => isOnline(session, now, presenceGraceMs));
    const newest = online.at(-1);
    const before = this.#online.get(userId);
    if (newest === undefined) {
      if (before === undefined) return;
      this.#online.delete(userId);
      onChange();
      onOffline({ id: before.id, username: before.username });
      return;
    }
    const { id, username } = newest.user;
    const { socketId } = online.findLast(({ lostAt }) => lostAt === undefined) ?? newest;
    this.#online.set(userId, { id, username, isOnline: true, socketId });
    if (before?.username !== username) onChange();
    if (before === undefined) onOnline({ id, username });
  }
}
