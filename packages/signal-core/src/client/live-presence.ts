import type { ClientPayload, ClientResults } from '../protocol/client-events.js';
import { SignalingError } from '../protocol/errors.js';
import type { PresenceChange, ServerPayloads, UserRef } from '../protocol/server-events.js';
import { Emitter, type ReportError } from './emitter.js';
import { type Joined, type Link, signalingError } from './link.js';
import type { SignalingClientOptions } from './options.js';
import type { PresenceEvents, PresenceList } from './presence-list.js';
import { type Change, Replica } from './replica.js';

type Mode = NonNullable<SignalingClientOptions['presence']>;

/** What a {@link PresenceList} is made of. */
export class LivePresence implements PresenceList {
  readonly #emitter: Emitter<PresenceEvents>;
  readonly #mode: Mode;
  readonly #replica = new Replica();
  #link: Link | undefined;
  #isSyncing = false;
  /** The only users to hear of, once they are chosen. */
  #chosen: string[] | undefined;
  #choosing: { resolve: (users: UserRef[]) => void; reject: (error: SignalingError) => void }[] = [];

  constructor(mode: Mode, report: ReportError) {
    this.#mode = mode;
    this.#emitter = new Emitter(report);
  }

  get users(): ReadonlyMap<string, UserRef> {
    return this.#replica.users;
  }

  on<E extends keyof PresenceEvents>(event: E, listener: (...args: PresenceEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  subscribe(ids: readonly string[]): Promise<UserRef[]> {
    const before = this.#chosen;
    this.#chosen = [...ids];
    return new Promise<UserRef[]>((resolve, reject) => {
      this.#choosing.push({ resolve, reject });
      if (this.#link !== undefined) this.#choose(this.#link, before);
    });
  }

  /** What `join` says of presence. */
  joinPayload(): Pick<ClientPayload<'join'>, 'presence' | 'presenceSince'> {
    if (this.#chosen !== undefined) return { presence: 'none' };
    return { presence: this.#mode, presenceSince: this.#replica.point };
  }

  open(link: Link, joined: Joined): void {
    this.#link = link;
    this.#isSyncing = false;
    const { onlineUsers = [], presenceChange: change, presenceEpoch: epoch, presenceVersion: version } = joined;
    const point = epoch === undefined || version === undefined ? undefined : { epoch, version };
    if (this.#chosen !== undefined) this.#choose(link, undefined);
    else if (change !== undefined) this.#tell(this.#replica.apply(change.joined, change.left, point));
    else this.#tell(this.#replica.replace(onlineUsers, point));
  }

  hold(): void {
    this.#link = undefined;
  }

  close(): void {
    this.hold();
    const error = new SignalingError('unavailable', 'the client is closed');
    for (const { reject } of this.#choosing.splice(0)) reject(error);
  }

  onEvent(event: string, payload: unknown): void {
    if (event === 'presence_changed') this.#onChanged(payload as ServerPayloads['presence_changed']);
    else if (event === 'users_updated' && this.#chosen === undefined && Array.isArray(payload)) {
      this.#tell(this.#replica.replace(payload, undefined));
    }
  }

  #onChanged(change: ServerPayloads['presence_changed']): void {
    if (!('epoch' in change)) {
      this.#tell(this.#replica.apply(change.joined, change.left, undefined));
      return;
    }
    // the answer that is under way holds it
    if (this.#isSyncing) return;
    const followed = this.#replica.follow(change);
    if (followed === undefined) this.#sync();
    else this.#tell(followed);
  }

  #sync(): void {
    this.#isSyncing = true;
    const since = this.#replica.point;
    this.#link?.request('presence_sync', since === undefined ? {} : { since }, (answer) => {
      if (answer === undefined) return;
      this.#isSyncing = false;
      if (answer.ok) this.#tell(this.#caughtUp(answer));
    });
  }

  #caughtUp(answer: ClientResults['presence_sync']): Change {
    if ('users' in answer) return this.#replica.replace(answer.users, answer);
    const { joined, left }: PresenceChange = answer;
    return this.#replica.apply(joined, left, answer);
  }

  #choose(link: Link, before: string[] | undefined): void {
    const ids = this.#chosen ?? [];
    link.request('presence_subscribe', { ids }, (answer) => {
      // without an answer the next connection asks again
      if (answer === undefined) return;
      const users = answer.ok ? answer.users : undefined;
      const waiting = this.#choosing.splice(0);
      if (users !== undefined) {
        this.#tell(this.#replica.replace(users, undefined));
        for (const { resolve } of waiting) resolve(users);
        return;
      }
      this.#chosen = before;
      const unknown = new SignalingError('unavailable', 'this server does not know presence_subscribe');
      const error = answer.ok ? unknown : signalingError(answer.error);
      for (const { reject } of waiting) reject(error);
    });
  }

  #tell(change: Change): void {
    if (change.joined.length > 0 || change.left.length > 0) this.#emitter.emit('change', change);
  }
}
