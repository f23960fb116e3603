import type { Socket } from 'socket.io';
import type { Cancel } from '../clock.js';
import type { Session } from '../domain/session.js';
import type { Ack } from '../protocol/errors.js';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import { SerialQueue } from './serial-queue.js';
import { encodeEvent, type Prepared, rawWebSocketOf, writePacket, writePrepared } from './wire.js';

/** An event that came before `join`, checked, with what it will be answered by. */
export interface HeldEvent {
  /** In characters of JSON. */
  length: number;
  run(): void | Promise<void>;
  refuse(): void;
}

/** One socket: at any time it speaks for one device, or for none yet. */
export class Connection {
  readonly socket: Socket;
  readonly queue = new SerialQueue();
  held: HeldEvent[] = [];
  /** The server closes it: its disconnect is nobody's loss. */
  isDismissed = false;
  /** The close code of the WebSocket, which Engine.IO does not pass on. */
  closeCode: number | undefined;

  readonly #startJoinDeadline: () => Cancel;
  #cancelJoinDeadline: Cancel;
  #session: Session | undefined;

  /** @param startJoinDeadline - starts the time within which the connection must join */
  constructor(socket: Socket, startJoinDeadline: (connection: Connection) => Cancel) {
    this.socket = socket;
    this.#startJoinDeadline = () => startJoinDeadline(this);
    this.#cancelJoinDeadline = this.#startJoinDeadline();
    this.#watchCloseCode();
  }

  /** The session of the device that this connection speaks for. */
  get session(): Session | undefined {
    return this.#session;
  }

  speaksFor(session: Session): boolean {
    return this.#session === session;
  }

  speakFor(session: Session): void {
    this.#session = session;
    this.#cancelJoinDeadline();
  }

  /** The connection is nobody's; while it is open it must join again in time. */
  speakForNobody(): void {
    this.#session = undefined;
    this.#cancelJoinDeadline();
    if (this.isOpen) this.#cancelJoinDeadline = this.#startJoinDeadline();
  }

  get id(): string {
    return this.socket.id;
  }

  get isOpen(): boolean {
    return this.socket.connected;
  }

  send<E extends ServerEvent>(event: E, payload: ServerPayloads[E]): void {
    this.write(encodeEvent(event, payload));
  }

  /** Answers an event that asked for it (packet type `3`). */
  acknowledge(ackId: string, answer: Ack): void {
    this.write(`3${ackId}${JSON.stringify([answer])}`);
  }

  write(text: string): void {
    writePacket(this.socket.conn, text);
  }

  writePrepared(prepared: Prepared): void {
    writePrepared(this.socket.conn, prepared);
  }

  /** Ends it for good: socket.io-client does not come back after this. */
  dismiss(): void {
    this.isDismissed = true;
    this.socket.disconnect(true);
  }

  #watchCloseCode(): void {
    const { conn } = this.socket;
    const watch = () =>
      rawWebSocketOf(conn)?.prependOnceListener('close', (code) => {
        this.closeCode = code;
      });
    if (conn.transport.name === 'websocket') watch();
    else conn.once('upgrade', watch);
  }
}
