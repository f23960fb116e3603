import type { UserRef } from '../protocol/server-events.js';
import { Emitter, type ReportError } from './emitter.js';
import type { Joined } from './link.js';

export interface PresenceEvents {
  change: [change: { joined: UserRef[]; left: UserRef[] }];
}

/** Who is online, as far as this client is told. */
export class PresenceList {
  readonly #emitter: Emitter<PresenceEvents>;
  #users: ReadonlyMap<string, UserRef> = new Map();

  constructor(report: ReportError) {
    this.#emitter = new Emitter(report);
  }

  get users(): ReadonlyMap<string, UserRef> {
    return this.#users;
  }

  on<E extends keyof PresenceEvents>(event: E, listener: (...args: PresenceEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  onJoined(joined: Joined): void {
    this.#replace(joined.onlineUsers ?? []);
  }

  onEvent(event: string, payload: unknown): void {
    if (event === 'users_updated' && Array.isArray(payload)) this.#replace(payload);
  }

  #replace(list: readonly UserRef[]): void {
    const before = this.#users;
    const after = new Map(list.map(({ id, username }) => [id, { id, username }]));
    this.#users = after;
    const joined = [...after.values()].filter(({ id, username }) => before.get(id)?.username !== username);
    const left = [...before.values()].filter(({ id }) => !after.has(id));
    if (joined.length > 0 || left.length > 0) this.#emitter.emit('change', { joined, left });
  }
}
