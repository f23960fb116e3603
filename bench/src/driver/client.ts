import { WebSocket } from 'ws';
import type { Incoming, Protocol, User } from './protocols/protocol.js';

/** Longer messages are lists of users: their beginning tells what they are. */
const LONGEST_READ = 16 * 1024;
/** The page is gone (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1001;

/** Hears what a client receives once it has joined; `message` is the whole of it. */
export type Listener = (incoming: Incoming, text: string, message: Buffer) => void;

/** One user's WebSocket. */
export class Client {
  readonly user: User;
  readonly protocol: Protocol;
  /** Payload bytes received, and messages; framing and heartbeats are not counted. */
  bytesReceived = 0;
  messagesReceived = 0;
  listener: Listener | undefined;
  readonly #socket: WebSocket;

  constructor(protocol: Protocol, port: number, user: User) {
    this.protocol = protocol;
    this.user = user;
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}${protocol.path(user)}`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
  }

  /** Resolves when the server says that the user is there. */
  joined(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.on('error', reject);
      this.#socket.on('close', (code) => reject(new Error(`${this.user.id} was closed with ${code}`)));
      // With the default binaryType every message is one Buffer.
      this.#socket.on('message', (data) => this.#receive(data as Buffer, resolve));
    });
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Leaves as somebody does who closes the page. */
  leave(): void {
    if (this.protocol.leave !== undefined) this.send(this.protocol.leave);
    this.#socket.close(GOING_AWAY);
  }

  #receive(message: Buffer, onJoined: () => void): void {
    const text = message.toString('latin1', 0, Math.min(message.length, LONGEST_READ));
    const incoming = this.protocol.read(text, this.user);
    if (incoming.kind !== 'heartbeat') {
      this.bytesReceived += message.length;
      this.messagesReceived += 1;
    }
    if (incoming.kind === 'heartbeat' || incoming.kind === 'handshake') {
      this.send(incoming.text);
      return;
    }
    if (incoming.kind === 'joined') {
      this.user.address = incoming.address ?? this.user.address;
      onJoined();
    }
    this.listener?.(incoming, text, message);
  }
}
