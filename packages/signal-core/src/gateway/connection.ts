import type { Socket } from 'socket.io';
import type { Cancel, Clock } from '../clock.js';
import type { Session } from '../domain/session.js';
import type { Metrics } from '../metrics/metrics.js';
import type { ErrorCode } from '../protocol/errors.js';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import type { Allowance } from './bounds/allowance.js';
import { decoderOf } from './bounds/bounded-decoder.js';
import type { Line } from './bounds/line.js';
import { Credentials } from './credentials.js';
import { SerialQueue } from './serial-queue.js';
import {
  encodeEvent,
  isClosing,
  type Prepared,
  rawWebSocketOf,
  waitingIn,
  writePacket,
  writePrepared,
} from './wire.js';

/** What the end of a connection means for the device that spoke over it. */
export type Departure = 'left' | 'lost' | 'nothing';

/** An event that came before `join`, checked, with what it will be answered by. */
export interface HeldEvent {
  /** In characters of JSON. */
  length: number;
  run(): void | Promise<void>;
  refuse(): void;
}

export interface ConnectionParts {
  clock: Clock;
  allowance: Allowance;
  line: Line;
  metrics: Metrics;
  /** It is being kicked. */
  onKick(connection: Connection): void;
  /** Starts the time within which the connection must join. */
  startJoinDeadline(connection: Connection): Cancel;
}

/** One socket: at any time it speaks for one device, or for none yet. */
export class Connection {
  readonly socket: Socket;
  readonly queue = new SerialQueue();
  readonly credentials: Credentials;
  held: HeldEvent[] = [];
  /** What its end means, once the server has decided to end it. */
  dismissal: Departure | undefined;
  readonly allowance: Allowance;
  readonly #line: Line;
  readonly #metrics: Metrics;
  readonly #clock: Clock;
  readonly #onKick: () => void;
  readonly #startJoinDeadline: () => Cancel;
  #cancelJoinDeadline: Cancel;
  #session: Session | undefined;

  constructor(socket: Socket, { clock, allowance, line, metrics, onKick, startJoinDeadline }: ConnectionParts) {
    this.socket = socket;
    this.#clock = clock;
    this.#onKick = () => onKick(this);
    // without credentials it is lost, and may come back with others
    this.credentials = new Credentials(clock, () => this.cut());
    this.allowance = allowance;
    this.#line = line;
    this.#metrics = metrics;
    this.#startJoinDeadline = () => startJoinDeadline(this);
    this.#cancelJoinDeadline = this.#startJoinDeadline();
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

  /** Whether what is sent now may still arrive: a closing WebSocket takes nothing any more. */
  get isOpen(): boolean {
    return this.socket.connected && !this.#line.isStuck && !isClosing(this.socket.conn);
  }

  /** The close code of the WebSocket (RFC 6455, section 7.4), which Engine.IO does not pass on. */
  get closeCode(): number | undefined {
    return rawWebSocketOf(this.socket.conn)?._closeCode;
  }

  get resumes(): boolean {
    return this.#session?.features.includes('resume') ?? false;
  }

  get saidGoodbye(): boolean {
    return decoderOf(this.socket).saidGoodbye;
  }

  send<E extends ServerEvent>(event: E, payload: ServerPayloads[E]): void {
    this.write(encodeEvent(event, payload));
  }

  /** Answers an event that asked for it (packet type `3`), by an `Ack` as JSON. */
  acknowledge(ackId: string, json: string): void {
    this.write(`3${ackId}[${json}]`);
  }

  write(text: string): void {
    writePacket(this.socket.conn, text);
    this.#line.wrote();
  }

  writePrepared(prepared: Prepared): void {
    writePrepared(this.socket.conn, prepared);
    this.#line.wrote();
  }

  /**
   * Ends it for good: socket.io-client does not come back after this.
   *
   * @param meaning - what this means for the device
   */
  dismiss(meaning: Departure): void {
    this.dismissal = meaning;
    this.socket.disconnect(true);
  }

  /** Ends the transport at once, whatever is under way: the device is lost, and may come back. */
  cut(): void {
    this.#line.cut();
  }

  /** It has left its only namespace, and is good for nothing: the client may close it, and else is cut. */
  cutLater(): void {
    this.#line.cutLater();
  }

  /** It was told no: too often, and it is kicked. */
  countRefusal(code: ErrorCode): void {
    this.#metrics.refused(code);
    if (this.allowance.isExhaustedBy(code, this.#clock.now())) this.kick();
  }

  /**
   * Ends it for good, and hears nothing more meanwhile: what it sends is not even read.
   *
   * @see SPEC.md, rule LIMIT-3
   */
  kick(): void {
    if (this.dismissal !== undefined) return;
    this.dismissal = 'left';
    this.#onKick();
    const { conn } = this.socket;
    rawWebSocketOf(conn)?.pause();
    this.socket.disconnect();
    // a client that polls, and has been told, would be waited for
    conn.close(waitingIn(conn).length === 0);
  }
}
