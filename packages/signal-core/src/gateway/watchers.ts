import { createHash } from 'node:crypto';
import type { User } from '../domain/call.js';
import type { UserId } from '../domain/ids.js';
import type { SeeHook } from '../hooks.js';
import type { EncodedList } from '../presence/encoded-list.js';
import { newEpoch, type PresencePoint, type Replica } from '../presence/replica.js';
import type { Roster } from '../presence/roster.js';
import type { Sees } from '../presence/sight.js';
import type { JoinSuccess, PresenceChange, UserRef } from '../protocol/server-events.js';
import { Audience, type ChosenWatch, type Watch } from './audience.js';
import type { Connection } from './connection.js';

/** What a `join` says of presence. */
export interface WatchRequest {
  mode: 'full' | 'delta' | 'none';
  scope: string;
  /** Who watches. */
  viewer: User;
  /** What a returning device knows. */
  since: PresencePoint | undefined;
}

/** What `join_success` says of presence. */
export type Seen = Pick<JoinSuccess, 'presenceChange' | 'presenceEpoch' | 'presenceVersion'> & {
  /** As JSON: to encode a long list anew for everybody who joins is what makes a storm of them expensive. */
  onlineUsers: string;
};

/** A `PresenceState` whose list is JSON already. */
type EncodedState = PresencePoint & { users: string };

/**
 * Which connections hear of presence, and how. A connection begins to watch when it has joined, and ends when it
 * speaks for nobody any more.
 *
 * What `watch`, `look`, `sync` and `subscribe` return must be sent before the event loop turns: what changes later
 * comes after it, and counts on from there.
 *
 * @see SPEC.md, rules PRES-5 to PRES-10 and SEE-1
 */
export class Watchers {
  readonly #roster: Roster;
  readonly #canSee: SeeHook | undefined;
  readonly #watches = new Map<Connection, Watch>();
  readonly #audiences = new Map<string, Audience>();

  /** @param canSee - one that never throws; absent where everybody sees everybody of the same scope */
  constructor(roster: Roster, canSee?: SeeHook) {
    this.#roster = roster;
    this.#canSee = canSee;
  }

  /** Begins: the connection has joined. @returns what `join_success` says of presence */
  watch(connection: Connection, { mode, scope, viewer, since }: WatchRequest): Seen {
    const whose = { connection, scope, sees: this.#sightOf(viewer) };
    this.#set(connection, mode === 'delta' ? { ...whose, mode, version: 0 } : { ...whose, mode });
    return this.look(connection, since);
  }

  /** What `join_success` says to a connection that joins again, which changes nothing. */
  look(connection: Connection, since: PresencePoint | undefined): Seen {
    const watch = this.#watches.get(connection);
    const isSilent = watch === undefined || watch.mode === 'none';
    const replica = this.#roster.in(watch?.scope ?? '');
    const presenceChange = isSilent ? undefined : changeSince(replica, since, watch.sees);
    const onlineUsers = isSilent || presenceChange !== undefined ? '[]' : listFor(replica, watch).users;
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
  sync(connection: Connection, since: PresencePoint | undefined): PresenceChange | EncodedState {
    const { watch, scope, sees } = this.#whose(connection);
    const replica = this.#roster.in(scope);
    const change = changeSince(replica, since, sees);
    const point = watch === undefined ? replica.point() : this.#give(watch);
    return change ?? { ...point, users: listFor(replica, watch ?? { sees }).refs };
  }

  /** Narrows what a connection hears to these users. @returns those of them who are online */
  subscribe(connection: Connection, ids: readonly UserId[]): UserRef[] {
    const { scope, sees } = this.#whose(connection);
    const watch: ChosenWatch = { connection, scope, sees, mode: 'chosen', version: 0, ids: new Set(ids) };
    this.#set(connection, watch);
    return this.chosenBy(watch);
  }

  /** Those of the users whom a watch chose who are online. */
  chosenBy(watch: ChosenWatch): UserRef[] {
    this.#give(watch);
    const { scope, ids, sees = () => true } = watch;
    const users = Array.from(ids, (id) => this.#roster.in(scope).get(id) ?? []).flat();
    return users.filter(sees).map(refOf);
  }

  /** Who watches a scope now. */
  of(scope: string): Audience {
    return this.#audiences.get(scope) ?? new Audience();
  }

  /** Whether what was meant for the watch may be sent: it has not ended, or given way to another. */
  isOpen(watch: Watch): boolean {
    return this.#watches.get(watch.connection) === watch && watch.connection.isOpen;
  }

  /** Whoever does not watch, which no joined connection does, is shown nobody. */
  #whose(connection: Connection): { watch: Watch | undefined; scope: string; sees: Sees | undefined } {
    const watch = this.#watches.get(connection);
    return { watch, scope: watch?.scope ?? '', sees: watch === undefined ? () => false : watch.sees };
  }

  #sightOf(viewer: User): Sees | undefined {
    const canSee = this.#canSee;
    return canSee && ((other) => canSee(viewer, other));
  }

  /**
   * Where the watch stands that is given what there is now. The count of all changes would tell somebody who may not see
   * everybody when others come and go: for them one of their own begins.
   */
  #give(watch: Watch): PresencePoint {
    const point = this.#roster.in(watch.scope).point();
    if ('version' in watch) watch.version = point.version;
    if (watch.sees === undefined) return point;
    const own = { epoch: newEpoch(), version: 0 };
    if (watch.mode === 'delta') watch.own = own;
    return own;
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

/** A count of one's own is over with its connection: what changed since is known for the common one only. */
function changeSince(replica: Replica, since: PresencePoint | undefined, sees: Sees | undefined) {
  return since === undefined || sees !== undefined ? undefined : replica.changeSince(since);
}

/** The list for a watch, which remembers what it was told of: the same is not sent again, and another one is. */
function listFor(replica: Replica, watch: Pick<Watch, 'sees'> | Watch): EncodedList {
  const list = replica.encodedList(watch.sees);
  if ('mode' in watch && watch.mode === 'full' && watch.sees !== undefined) watch.told = digestOf(list);
  return list;
}

/** What is the same for two lists only if the same users are in them. */
export function digestOf({ refs }: EncodedList): string {
  return createHash('sha1').update(refs).digest('base64');
}

function refOf({ id, username }: UserRef): UserRef {
  return { id, username };
}
