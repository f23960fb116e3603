import type { ClientPayload, ClientResults } from '../protocol/client-events.js';
import { SignalingError } from '../protocol/errors.js';
import type { PresenceChange, ServerPayloads, UserRef } from '../protocol/server-events.js';
import { Emitter, type ReportError } from './emitter.js';
import { type Joined, type Link, signalingError } from './link.js';
import type { SignalingClientOptions } from './options.js';
import type { PresenceEvents, PresenceList } from './presence-list.js';
import { type Change, Replica } from './replica.js';

type Mode = NonNullable<SignalingClientOptions['presence']>;

interface Choice {
  readonly ids: string[];
  resolve(users: UserRef[]): void;
  reject(error: SignalingError): void;
}

/** What a {@link PresenceList} is made of. */
export class LivePresence implements PresenceList {
  readonly #emitter: Emitter<PresenceEvents>;
  readonly #mode: Mode;
  readonly #replica = new Replica();
  #link: Link | undefined;
  #isSyncing = false;
  /** The only users to hear of, once they are chosen. */
  #chosen: string[] | undefined;
  /** Choices that the server has not answered, in order. */
  #choices: Choice[] = [];
  readonly #report: ReportError;

  constructor(mode: Mode, report: ReportError) {
    this.#mode = mode;
    this.#report = report;
    this.#emitter = new Emitter(report);
  }

  get users(): ReadonlyMap<string, UserRef> {
    return this.#replica.users;
  }

  on<E extends keyof PresenceEvents>(event: E, listener: (...args: PresenceEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  subscribe(ids: readonly string[]): Promise<UserRef[]> {
    return new Promise<UserRef[]>((resolve, reject) => {
      const choice = { ids: [...ids], resolve, reject };
      this.#choices.push(choice);
      if (this.#link !== undefined) this.#choose(this.#link, choice);
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
    if (this.#chosen !== undefined) this.#chooseAgain(link, this.#chosen);
    else if (change !== undefined) this.#tell(this.#replica.apply(change.joined, change.left, point));
    else this.#tell(this.#replica.replace(onlineUsers, point));
    for (const choice of [...this.#choices]) this.#choose(link, choice);
  }

  hold(): void {
    this.#link = undefined;
  }

  close(): void {
    this.hold();
    const error = new SignalingError('unavailable', 'the client is closed');
    for (const { reject } of this.#choices.splice(0)) reject(error);
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

  #choose(link: Link, choice: Choice): void {
    link.request('presence_subscribe', { ids: choice.ids }, (answer) => {
      // without an answer the next connection asks again
      if (answer === undefined) return;
      this.#choices = this.#choices.filter((other) => other !== choice);
      // a legacy server agrees to everything, and says nothing
      const users = answer.ok ? answer.users : undefined;
      if (users !== undefined) {
        this.#chosen = choice.ids;
        this.#tell(this.#replica.replace(users, undefined));
        choice.resolve(users);
      } else if (answer.ok)
        choice.reject(new SignalingError('unavailable', 'this server does not know presence_subscribe'));
      else choice.reject(signalingError(answer.error));
    });
  }

  /** Who joined for chosen users only, and is refused them, joins again for everybody. */
  #chooseAgain(link: Link, ids: string[]): void {
    const reject = (error: SignalingError) => {
      this.#chosen = undefined;
      this.#report(error);
      link.drop();
    };
    this.#choose(link, { ids, resolve: () => {}, reject });
  }

  #tell(change: Change): void {
    if (change.joined.length > 0 || change.left.length > 0) this.#emitter.emit('change', change);
  }
}
