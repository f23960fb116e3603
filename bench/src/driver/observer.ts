import type { Incoming } from './protocols/protocol.js';

interface Listed {
  id: string;
}

/** What tells of presence, as far as it is read here. */
type Told =
  | { event: 'join_success'; payload: { onlineUsers: Listed[] } }
  | { event: 'users_updated'; payload: Listed[] }
  | { event: 'presence_changed'; payload: { version: number; joined: Listed[]; left: string[] } };

/** Keeps what one client hears of presence, and reads it only when asked, so as not to take part in what is measured. */
export class Observer {
  #messages: Buffer[] = [];
  #online = new Set<string>();
  #version: number | undefined;

  hear(incoming: Incoming, message: Buffer): void {
    if (incoming.kind === 'joined' || incoming.kind === 'users') this.#messages = [message];
    if (incoming.kind === 'changes') this.#messages.push(message);
  }

  /**
   * The ids of those who are online, as the client was told.
   *
   * @throws Error when it was not told of a version
   */
  get online(): ReadonlySet<string> {
    for (const message of this.#messages.splice(0)) this.#apply(read(message));
    return this.#online;
  }

  #apply({ event, payload }: Told): void {
    switch (event) {
      case 'join_success':
        this.#online = new Set(payload.onlineUsers.map(({ id }) => id));
        break;
      case 'users_updated':
        this.#online = new Set(payload.map(({ id }) => id));
        break;
      case 'presence_changed':
        if (payload.version !== (this.#version ?? payload.version - 1) + 1) {
          throw new Error(`the observer was not told what came before version ${payload.version}`);
        }
        this.#version = payload.version;
        for (const { id } of payload.joined) this.#online.add(id);
        for (const id of payload.left) this.#online.delete(id);
    }
  }
}

function read(message: Buffer): Told {
  const [event, payload] = JSON.parse(message.toString('utf8', message.indexOf('[')));
  // The protocol marked it as one of the three; the tests of signal-core hold their shape.
  return { event, payload } as Told;
}
