import type { Cancel, Clock } from '../clock.js';
import type { User } from '../domain/call.js';
import type { DeviceKey, UserId } from '../domain/ids.js';
import { isOnline, type Session } from '../domain/session.js';
import type { OnlineUser } from '../protocol/server-events.js';
import type { SessionChange } from '../stores/presence-store.js';
import { type Batch, Replica } from './replica.js';

interface RosterOptions {
  clock: Clock;
  presenceGraceMs: number;
  /** The list of a scope says something else now. */
  onChange(scope: string): void;
  onOnline(user: User): void;
  onOffline(user: User): void;
}

/**
 * Who is online, kept from the stream of session changes: a user is while at least one device is, and in the scopes
 * of these devices.
 *
 * @see SPEC.md, section PRES
 */
export class Roster {
  readonly #sessions = new Map<UserId, Map<DeviceKey, Session>>();
  readonly #online = new Map<UserId, OnlineUser>();
  readonly #replicas = new Map<string, Replica>();
  readonly #rechecks = new Map<DeviceKey, Cancel>();
  readonly #options: RosterOptions;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** How many users are online, in all scopes. */
  get size(): number {
    return this.#online.size;
  }

  /** Everybody, of all scopes. */
  list(): OnlineUser[] {
    return [...this.#online.values()];
  }

  has(userId: UserId): boolean {
    return this.#online.has(userId);
  }

  /** Who is online in a scope, as those in it see it. */
  in(scope: string): Replica {
    return this.#replicas.get(scope) ?? new Replica();
  }

  /** Publishes what changed in a scope. One that nobody is in any more is forgotten: the next epoch begins anew. */
  publish(scope: string): Batch | undefined {
    const replica = this.#replicas.get(scope);
    if (replica?.size === 0) this.#replicas.delete(scope);
    return replica?.publish();
  }

  /** What was told of anybody may not hold any more: each scope begins a new epoch. */
  renew(): void {
    for (const [scope, replica] of this.#replicas) {
      replica.renew();
      this.#options.onChange(scope);
    }
  }

  apply({ device, session }: SessionChange, userId: UserId): void {
    const sessions = this.#sessions.get(userId) ?? new Map<DeviceKey, Session>();
    const before = sessions.get(device);
    // a join comes last, a loss keeps its place
    if (session?.lostAt === undefined) sessions.delete(device);
    if (session !== undefined) sessions.set(device, session);
    if (sessions.size > 0) this.#sessions.set(userId, sessions);
    else this.#sessions.delete(userId);
    this.#rechecks.get(device)?.();
    this.#rechecks.delete(device);
    if (session?.lostAt !== undefined) this.#recheckAt(session.lostAt + this.#options.presenceGraceMs, session);
    this.#refresh(userId, new Set([before, session].flatMap((each) => each?.scope ?? [])));
  }

  /** These are all sessions; of whatever changed meanwhile nothing else is told. */
  reset(sessions: readonly Session[]): void {
    const there = new Set(sessions.map(({ device }) => device));
    for (const [userId, known] of this.#sessions) {
      for (const device of known.keys()) if (!there.has(device)) this.apply({ device, session: undefined }, userId);
    }
    for (const session of sessions) this.apply({ device: session.device, session }, session.user.id);
  }

  close(): void {
    for (const cancel of this.#rechecks.values()) cancel();
    this.#rechecks.clear();
  }

  #recheckAt(time: number, lost: Session): void {
    const { clock } = this.#options;
    const recheck = () => {
      // timers may come a millisecond early
      if (clock.now() < time) return this.#recheckAt(time, lost);
      this.#rechecks.delete(lost.device);
      this.#refresh(lost.user.id, new Set([lost.scope]));
    };
    this.#rechecks.set(lost.device, clock.after(Math.max(1, time - clock.now()), recheck));
  }

  /** @param scopes - those in which something may have changed */
  #refresh(userId: UserId, scopes: ReadonlySet<string>): void {
    const { clock, presenceGraceMs, onChange, onOnline, onOffline } = this.#options;
    const now = clock.now();
    const sessions = [...(this.#sessions.get(userId)?.values() ?? [])];
    const online = sessions.filter((session) => isOnline(session, now, presenceGraceMs));
    for (const scope of scopes) {
      const user = listed(online.filter((session) => session.scope === scope));
      const replica = this.in(scope);
      if (user !== undefined) this.#replicas.set(scope, replica);
      if (user === undefined ? replica.delete(userId) : replica.put(user)) onChange(scope);
    }
    const before = this.#online.get(userId);
    const after = listed(online);
    if (after === undefined) this.#online.delete(userId);
    else this.#online.set(userId, after);
    if (before === undefined && after !== undefined) onOnline({ id: userId, username: after.username });
    if (before !== undefined && after === undefined) onOffline({ id: userId, username: before.username });
  }
}

/** Under the name of the last join, with a connection that is there, if any is. */
function listed(online: Session[]): OnlineUser | undefined {
  const newest = online.at(-1);
  if (newest === undefined) return undefined;
  const { id, username } = newest.user;
  const { socketId } = online.findLast(({ lostAt }) => lostAt === undefined) ?? newest;
  return { id, username, isOnline: true, socketId };
}
