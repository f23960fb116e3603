import type { UserId } from '../domain/ids.js';
import type { PresencePoint } from '../presence/replica.js';
import type { Roster } from '../presence/roster.js';
import type { JoinSuccess, PresenceChange, PresenceState, UserRef } from '../protocol/server-events.js';
import { Audience, type ChosenWatch, type Watch } from './audience.js';
import type { Connection } from './connection.js';

/** What a `join` says of presence. */
export interface WatchRequest {
  mode: 'full' | 'delta' | 'none';
  scope: string;
  /** What a returning device knows. */
  since: PresencePoint | undefined;
}

/** What `join_success` says of presence. */
export type Seen = Pick<JoinSuccess, 'presenceChange' | 'presenceEpoch' | 'presenceVersion'> & {
  /** As JSON: to encode a long list anew for everybody who joins is what makes a storm of them expensive. */
  onlineUsers: string;
};

/**
 * Which connections hear of presence, and how. A connection begins to watch when it has joined, and ends when it
 * speaks for nobody any more.
 *
 * What `watch`, `look`, `sync` and `subscribe` return must be sent before the event loop turns: what changes later
 * comes after it, and counts on from there.
 *
 * @see SPEC.md, rules PRES-5 to PRES-10
 */
export class Watchers {
  readonly #roster: Roster;
  readonly #watches = new Map<Connection, Watch>();
  readonly #audiences = new Map<string, Audience>();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** Begins: the connection has joined. @returns what `join_success` says of presence */
  watch(connection: Connection, { mode, scope, since }: WatchRequest): Seen {
    this.#set(connection, mode === 'delta' ? { connection, scope, mode, version: 0 } : { connection, scope, mode });
    return this.look(connection, since);
  }

  /** What `join_success` says to a connection that joins again, which changes nothing. */
  look(connection: Connection, since: PresencePoint | undefined): Seen {
    const watch = this.#watches.get(connection);
    const isSilent = watch === undefined || watch.mode === 'none';
    const replica = this.#roster.in(watch?.scope ?? '');
    const presenceChange = since === undefined || isSilent ? undefined : replica.changeSince(since);
    const onlineUsers = isSilent || presenceChange !== undefined ? '[]' : replica.encodedList();
    const change = presenceChange === undefined ? {} : { presenceChange };
    if (watch === undefined || watch.mode === 'full') return { onlineUsers, ...change };
    const { epoch, version } = this.#give(watch);
    return { onlineUsers, presenceEpoch: epoch, presenceVersion: version, ...change };
  }

  /** Ends: the connection speaks for nobody. */
  unwatch(connection: Connection): void {
    this.#set(connection, undefined);
  }

  /** Brings a connection up to date. */
  sync(connection: Connection, since: PresencePoint | undefined): PresenceChange | PresenceState {
    const watch = this.#watches.get(connection);
    const replica = this.#roster.in(watch?.scope ?? '');
    const change = since === undefined ? undefined : replica.changeSince(since);
    const point = watch === undefined ? replica.point() : this.#give(watch);
    return change ?? { ...point, users: replica.list().map(({ id, username }) => ({ id, username })) };
  }

  /** Narrows what a connection hears to these users. @returns those of them who are online */
  subscribe(connection: Connection, ids: readonly UserId[]): UserRef[] {
    const scope = this.#watches.get(connection)?.scope ?? '';
    const watch: ChosenWatch = { connection, scope, mode: 'chosen', version: 0, ids: new Set(ids) };
    this.#set(connection, watch);
    this.#give(watch);
    const users = Array.from(watch.ids, (id) => this.#roster.in(scope).get(id) ?? []).flat();
    return users.map(({ id, username }) => ({ id, username }));
  }

  /** Who watches a scope now. */
  of(scope: string): Audience {
    return this.#audiences.get(scope) ?? new Audience();
  }

  /** Whether what was meant for the watch may be sent: it has not ended, or given way to another. */
  isOpen(watch: Watch): boolean {
    return this.#watches.get(watch.connection) === watch && watch.connection.isOpen;
  }

  /** Where the watch stands that is given what there is now. */
  #give(watch: Watch): PresencePoint {
    const point = this.#roster.in(watch.scope).point();
    if ('version' in watch) watch.version = point.version;
    return point;
  }

  #set(connection: Connection, watch: Watch | undefined): void {
    const before = this.#watches.get(connection);
    if (before !== undefined) {
      const audience = this.of(before.scope);
      audience.leave(before);
      if (audience.isEmpty) this.#audiences.delete(before.scope);
    }
    if (watch === undefined) {
      this.#watches.delete(connection);
      return;
    }
    this.#watches.set(connection, watch);
    const audience = this.of(watch.scope);
    audience.enter(watch);
    if (!audience.isEmpty) this.#audiences.set(watch.scope, audience);
  }
}
