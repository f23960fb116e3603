import { v4 as uuidv4 } from 'uuid';
import type { UserId } from '../domain/ids.js';
import type { OnlineUser, PresenceChange, UserRef } from '../protocol/server-events.js';

/** How many published batches are kept for those who come back: four minutes of a change in every interval. */
const KEPT_BATCHES = 1_000;

/** So many changes are summed up even for a list that is shorter. */
const MIN_CHANGES = 1_000;

/** A version of the list of one epoch. */
export type PresencePoint = Pick<PresenceChange, 'epoch' | 'version'>;

interface Entry {
  readonly user: OnlineUser;
  /** The entry as JSON, once it was needed. */
  json?: string;
}

/** A user whose change is not published yet. */
interface Pending {
  /** The name as it was published; absent for who was not online. */
  readonly published: string | undefined;
  /** Somebody was given the change before its publication, so that it must be told even if it cancels out. */
  isShown: boolean;
}

/**
 * Who is online in one scope, and what changed from version to version. Whoever applies to what a {@link point} stood
 * for every batch published later has the same list.
 *
 * @see SPEC.md, rules PRES-6 to PRES-8
 */
export class Replica {
  readonly #epoch = uuidv4().slice(0, 8);
  readonly #entries = new Map<UserId, Entry>();
  readonly #pending = new Map<UserId, Pending>();
  readonly #batches: PresenceChange[] = [];
  #version = 0;

  get size(): number {
    return this.#entries.size;
  }

  has(id: UserId): boolean {
    return this.#entries.has(id);
  }

  get(id: UserId): OnlineUser | undefined {
    return this.#entries.get(id)?.user;
  }

  list(): OnlineUser[] {
    return Array.from(this.#entries.values(), ({ user }) => user);
  }

  /** The list as JSON; each entry is encoded once. */
  encodedList(): string {
    let json = '';
    for (const entry of this.#entries.values()) {
      entry.json ??= JSON.stringify(entry.user);
      json += json === '' ? entry.json : `,${entry.json}`;
    }
    return `[${json}]`;
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

  /** What changed since, in all; `undefined` when that is not known any more. It brings to {@link point}. */
  changeSince({ epoch, version }: PresencePoint): PresenceChange | undefined {
    const missed = this.#version - version;
    if (epoch !== this.#epoch || missed < 0 || missed > this.#batches.length) return undefined;
    const batches = [...this.#batches.slice(this.#batches.length - missed), this.#unpublished()];
    const changes = batches.reduce((sum, { joined, left }) => sum + joined.length + left.length, 0);
    // the list is shorter, and encoded already
    if (changes > Math.max(MIN_CHANGES, this.size)) return undefined;
    const last = new Map<UserId, UserRef | undefined>();
    for (const batch of batches) {
      for (const user of batch.joined) last.set(user.id, user);
      for (const id of batch.left) last.set(id, undefined);
    }
    return { ...this.point(), ...split(last) };
  }

  /** Makes a batch of what changed since the last one; one that cancels out is none, and takes no number. */
  publish(): PresenceChange | undefined {
    const { joined, left } = this.#unpublished();
    this.#pending.clear();
    if (joined.length + left.length === 0) return undefined;
    this.#version += 1;
    const batch: PresenceChange = { epoch: this.#epoch, version: this.#version, joined, left };
    this.#batches.push(batch);
    if (this.#batches.length > KEPT_BATCHES) this.#batches.shift();
    return batch;
  }

  #note(id: UserId, before: OnlineUser | undefined): void {
    if (!this.#pending.has(id)) this.#pending.set(id, { published: before?.username, isShown: false });
  }

  #isChanged(id: UserId, { published, isShown }: Pending): boolean {
    return isShown || this.get(id)?.username !== published;
  }

  #unpublished(): Pick<PresenceChange, 'joined' | 'left'> {
    const now = new Map<UserId, UserRef | undefined>();
    for (const [id, pending] of this.#pending) if (this.#isChanged(id, pending)) now.set(id, this.get(id));
    return split(now);
  }
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
