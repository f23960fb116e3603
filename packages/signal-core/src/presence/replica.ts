import { v4 as uuidv4 } from 'uuid';
import type { UserId } from '../domain/ids.js';
import type { OnlineUser, PresenceChange, UserRef } from '../protocol/server-events.js';
import { EncodedList, type ListEntry } from './encoded-list.js';
import { type NamedChange, type Sees, seenOf } from './sight.js';

/** How many published batches are kept for those who come back: four minutes of a change in every interval. */
const KEPT_BATCHES = 1_000;

/** About so many users the host is asked at once: some 0.1 ms. */
const ASKED_BY_STEP = 256;

/** So many changes are summed up even for a list that is shorter. */
const MIN_CHANGES = 1_000;

/** A version of the list of one epoch. */
export type PresencePoint = Pick<PresenceChange, 'epoch' | 'version'>;

/** A user whose change is not published yet. */
interface Pending {
  /** The name as it was published; absent for who was not online. */
  readonly published: string | undefined;
  /** The name before the last change, if there was one. */
  former: string | undefined;
  /** Somebody was given the change before its publication, so that it must be told even if it cancels out. */
  isShown: boolean;
}

/** What was published at once. */
export interface Batch extends NamedChange<PresenceChange> {
  /** Whoever stood in the epoch before must ask for the list. */
  readonly beginsEpoch: boolean;
}

/**
 * Who is online in one scope, and what changed from version to version. Whoever applies to what a {@link point} stood
 * for every batch published later has the same list.
 *
 * @see SPEC.md, rules PRES-6 to PRES-8
 */
export class Replica {
  #epoch = newEpoch();
  readonly #entries = new Map<UserId, ListEntry>();
  readonly #pending = new Map<UserId, Pending>();
  #batches: Batch[] = [];
  #version = 0;
  #beginsEpoch = false;

  get size(): number {
    return this.#entries.size;
  }

  has(id: UserId): boolean {
    return this.#entries.has(id);
  }

  get(id: UserId): OnlineUser | undefined {
    return this.#entries.get(id)?.user;
  }

  list(sees?: Sees): OnlineUser[] {
    const users = Array.from(this.#entries.values(), ({ user }) => user);
    return sees === undefined ? users : users.filter(sees);
  }

  /** The list as JSON; each entry is encoded once. */
  encodedList(sees?: Sees): EncodedList {
    const steps = this.encodedListSteps(sees);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /** The same, in short steps for somebody who does not see everybody: the host is asked about each. */
  *encodedListSteps(sees?: Sees): Generator<undefined, EncodedList> {
    const listed: ListEntry[] = [];
    let asked = 0;
    // between two steps somebody may leave and come back, and would be listed twice
    const entries = sees === undefined ? this.#entries.values() : [...this.#entries.values()];
    for (const entry of entries) {
      if (sees !== undefined && ++asked % ASKED_BY_STEP === 0) yield;
      if (sees === undefined || sees(entry.user)) listed.push(entry);
    }
    return new EncodedList(listed);
  }

  /** @returns whether the list says something else now: another connection of the same user does not count */
  put(user: OnlineUser): boolean {
    const before = this.get(user.id);
    this.#entries.set(user.id, { user });
    if (before?.username === user.username) return false;
    this.#note(user.id, before);
    return true;
  }

  /** @returns whether the user was listed */
  delete(id: UserId): boolean {
    const before = this.get(id);
    if (before === undefined) return false;
    this.#entries.delete(id);
    this.#note(id, before);
    return true;
  }

  /** Where somebody stands who is given the list, or a change since, right now. */
  point(): PresencePoint {
    for (const [id, pending] of this.#pending) if (this.#isChanged(id, pending)) pending.isShown = true;
    return { epoch: this.#epoch, version: this.#version };
  }

  /** Names the list as it is now. */
  get epoch(): string {
    return this.#epoch;
  }

  /** What was told may not hold any more: whoever knows a version of this list must be given all of it. */
  renew(): void {
    this.#epoch = newEpoch();
    this.#batches = [];
    this.#beginsEpoch = true;
  }

  /** What changed since, in all; `undefined` when that is not known any more. It brings to {@link point}. */
  changeSince({ epoch, version }: PresencePoint, sees?: Sees): PresenceChange | undefined {
    const missed = this.#version - version;
    if (epoch !== this.#epoch || missed < 0 || missed > this.#batches.length) return undefined;
    const batches = [...this.#batches.slice(this.#batches.length - missed), this.#unpublished()];
    const changes = batches.reduce((sum, { change: { joined, left } }) => sum + joined.length + left.length, 0);
    // the list is shorter, and encoded already
    if (changes > Math.max(MIN_CHANGES, this.size)) return undefined;
    const last = new Map<UserId, UserRef | undefined>();
    const formerNames = new Map<UserId, string>();
    for (const { change, formerNames: names } of batches) {
      for (const user of change.joined) last.set(user.id, user);
      for (const id of change.left) last.set(id, undefined);
      for (const [id, name] of names) if (!formerNames.has(id)) formerNames.set(id, name);
    }
    return { ...this.point(), ...seenOf({ change: split(last), formerNames }, sees) };
  }

  /** Makes a batch of what changed since the last one; one that cancels out is none, and takes no number. */
  publish(): Batch | undefined {
    const { change, formerNames } = this.#unpublished();
    const beginsEpoch = this.#beginsEpoch;
    this.#pending.clear();
    this.#beginsEpoch = false;
    if (change.joined.length + change.left.length === 0 && !beginsEpoch) return undefined;
    this.#version += 1;
    const point = { epoch: this.#epoch, version: this.#version };
    const batch: Batch = { change: { ...point, ...change }, formerNames, beginsEpoch };
    this.#batches.push(batch);
    if (this.#batches.length > KEPT_BATCHES) this.#batches.shift();
    return batch;
  }

  #note(id: UserId, before: OnlineUser | undefined): void {
    const former = before?.username;
    const pending = this.#pending.get(id);
    if (pending === undefined) this.#pending.set(id, { published: former, former, isShown: false });
    else pending.former = former;
  }

  #isChanged(id: UserId, { published, isShown }: Pending): boolean {
    return isShown || this.get(id)?.username !== published;
  }

  #unpublished(): NamedChange {
    const now = new Map<UserId, UserRef | undefined>();
    const formerNames = new Map<UserId, string>();
    for (const [id, pending] of this.#pending) {
      if (!this.#isChanged(id, pending)) continue;
      now.set(id, this.get(id));
      const name = pending.published ?? pending.former;
      if (name !== undefined) formerNames.set(id, name);
    }
    return { change: split(now), formerNames };
  }
}

/** Names a count of changes, as no other is named. */
export function newEpoch(): string {
  return uuidv4().slice(0, 8);
}

function split(users: Map<UserId, UserRef | undefined>): Pick<PresenceChange, 'joined' | 'left'> {
  const joined: UserRef[] = [];
  const left: UserId[] = [];
  for (const [id, user] of users) {
    if (user === undefined) left.push(id);
    else joined.push({ id, username: user.username });
  }
  return { joined, left };
}
