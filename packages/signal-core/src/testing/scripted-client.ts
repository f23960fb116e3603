import { type EventEmitter, once } from 'node:events';
import type { Socket } from 'socket.io-client';
import type { ClientEvent, ClientResults } from '../protocol/client-events.js';
import type { Ack } from '../protocol/errors.js';
import type { JoinSuccess } from '../protocol/server-events.js';
import { EventLog, type Heard, type HeardEntry, type HeardEvent } from './event-log.js';

export type Transport = 'polling' | 'websocket';

export interface ScriptedClientOptions {
  /** Of the server, or of a `TcpProxy` before it. */
  url: string;
  transport: Transport;
  /** For messages only. */
  name: string;
  /** Of the Socket.IO endpoint. @default '/socket.io' */
  path?: string;
  userAgent?: string;
  /** Goes with the handshake, such as `{ token }`; a later one may be set as `socket.auth`. */
  auth?: Record<string, unknown>;
  /** Of the requests, such as `cookie`. */
  headers?: Record<string, string>;
  /** socket.io-client comes back by itself, and `join`s again. @default false: a test says when */
  reconnection?: boolean;
  /** What else `settle` waits for, such as what several nodes have for each other. @default nothing */
  settled?: () => Promise<void>;
}

/** What `join` sends; anything may be in it. */
export interface JoinPayload {
  id: string;
  username: string;
  [extra: string]: unknown;
}

/** Any event may be sent, known or not, with anything: what is wrong is worth a test too. */
type AnyEvent = ClientEvent | (string & {});
type ResultOf<E extends AnyEvent> = E extends ClientEvent ? ClientResults[E] : Record<string, unknown>;

/** What `ws` has, which is what engine.io-client opens under Node. */
interface NodeWebSocket extends EventEmitter {
  close(code?: number): void;
  terminate(): void;
  pause(): void;
}

/** How long to wait for an acknowledgement before giving up, in milliseconds. */
const PATIENCE_MS = 4_000;

/**
 * A client that does what a test says and nothing else, over the real socket.io-client: it `join`s at every connect
 * once it knows who it is, records every event in order, and can lose its connection in every way there is.
 *
 * @example
 * const alice = await new ScriptedClient({ url, transport: 'websocket', name: 'alice' }).connect();
 * await alice.join({ id: 'alice', username: 'Alice', deviceId: 'laptop' });
 * const { callId, from } = await alice.next('incoming_call');
 */
export class ScriptedClient {
  readonly name: string;
  /** What `join` sends at each connect. */
  user: JoinPayload | undefined;
  /** As the last `join_success` named it. */
  deviceId: string | undefined;
  readonly #options: ScriptedClientOptions;
  readonly #heard: EventLog;
  #socket: Socket | undefined;

  constructor(options: ScriptedClientOptions) {
    this.name = options.name;
    this.#options = options;
    this.#heard = new EventLog(options.name);
  }

  /** socket.io-client's own. @throws Error before the first `connect` */
  get socket(): Socket {
    if (!this.#socket) throw new Error(`${this.name} has not connected`);
    return this.#socket;
  }

  /** Every event that came and was not forgotten, in order. */
  get log(): readonly HeardEntry[] {
    return this.#heard.entries;
  }

  /** @throws Error before `join` */
  get id(): string {
    if (!this.user) throw new Error(`${this.name} has not joined`);
    return this.user.id;
  }

  /** Opens the connection, without a `join` unless the client has a user already. */
  async connect(): Promise<this> {
    this.#socket ??= await this.#createSocket();
    const { socket } = this;
    await new Promise<void>((resolve, reject) => {
      const onConnect = () => settle(resolve);
      const onError = (error: Error) => settle(() => reject(error));
      const settle = (done: () => void) => {
        socket.off('connect', onConnect);
        socket.off('connect_error', onError);
        done();
      };
      socket.on('connect', onConnect);
      socket.on('connect_error', onError);
      socket.connect();
    });
    return this;
  }

  /** Says who it is, now and at every later connect. */
  async join(user: JoinPayload): Promise<JoinSuccess> {
    this.user = user;
    this.socket.emit('join', user);
    return this.#joined();
  }

  /** Comes back after a loss, as the same page: what socket.io-client buffered first, then `join`. */
  async comeBack(): Promise<JoinSuccess> {
    await this.connect();
    return this.#joined();
  }

  /** Fire and forget. While disconnected, socket.io-client buffers it. */
  send(event: AnyEvent, ...args: unknown[]): void {
    this.socket.emit(event, ...args);
  }

  /** Sends with an acknowledgement. @returns the answer, a refusal too */
  ask<E extends AnyEvent>(event: E, ...args: unknown[]): Promise<Ack<ResultOf<E>>> {
    return this.socket.timeout(PATIENCE_MS).emitWithAck(event, ...args);
  }

  /** @returns the code of the refusal that an acknowledged event must end in */
  async refusal(event: AnyEvent, ...args: unknown[]): Promise<string> {
    const answer = await this.ask(event, ...args);
    if (answer.ok) throw new Error(`${this.name}: ${event} was not refused: ${JSON.stringify(answer)}`);
    return answer.error.code;
  }

  /** The oldest event of that name not taken yet, or the next one to come within 4 s; takes it. */
  next<E extends HeardEvent>(event: E, where: (payload: Heard[E]) => boolean = () => true): Promise<Heard[E]> {
    return this.#heard.next(event, where);
  }

  /** All payloads of an event that were not taken yet, in order; takes them. */
  take<E extends HeardEvent>(event: E): Heard[E][] {
    return this.#heard.take(event);
  }

  /** Forgets what came so far. */
  forget(): void {
    this.#heard.entries.length = 0;
  }

  /** The names of the events recorded so far that are among these, in the order they came. */
  order(...events: HeardEvent[]): string[] {
    return this.log.map((entry) => entry.event).filter((event) => (events as string[]).includes(event));
  }

  /** Waits until the server has handled what this client sent, and what it sent back has arrived. */
  async settle(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      this.send('ping');
      await this.next('pong');
      await this.#options.settled?.();
    }
  }

  /** None of these events is left untaken once everything under way has arrived. */
  async quiet(...events: HeardEvent[]): Promise<void> {
    if (this.socket.connected) await this.settle();
    this.#heard.expectNone(events);
  }

  /** Loses the transport without saying goodbye: a close frame without a code, or an engine `close` packet. */
  async drop(): Promise<void> {
    const { url, transport, path = '/socket.io', headers = {} } = this.#options;
    if (transport === 'websocket') return this.#closeWebSocket((ws) => ws.close());
    const { engine } = this.socket.io;
    // sent by hand in order to know that the server has it
    await fetch(`${url}${path}/?EIO=4&transport=polling&sid=${engine.id}`, {
      method: 'POST',
      headers,
      body: '1',
    });
    engine.close();
  }

  /** WebSocket only: the TCP connection breaks, no close frame. */
  cutWire(): Promise<void> {
    return this.#closeWebSocket((ws) => ws.terminate());
  }

  /** WebSocket only: the browser closes the page. */
  closePage(): Promise<void> {
    return this.#closeWebSocket((ws) => ws.close(1001));
  }

  /** WebSocket only: stops reading, so that no ping of the server is answered. */
  freeze(): void {
    this.#webSocket().pause();
  }

  /** Says goodbye, for good. */
  close(): void {
    this.#socket?.io.reconnection(false);
    this.#socket?.disconnect();
  }

  async #createSocket(): Promise<Socket> {
    const { url, transport, path = '/socket.io', userAgent, auth, headers, reconnection = false } = this.#options;
    // an optional peer: who only runs the contract suites does not need it
    const { io } = await import('socket.io-client');
    const socket: Socket = io(url, {
      path,
      transports: [transport],
      upgrade: false,
      forceNew: true,
      autoConnect: false,
      reconnection,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      ...(auth !== undefined && { auth }),
      extraHeaders: { ...(userAgent !== undefined && { 'user-agent': userAgent }), ...headers },
    });
    socket.onAny((event: string, payload: unknown) => this.#heard.record(event, payload));
    socket.on('disconnect', (reason) => this.#heard.record('disconnect', reason));
    socket.on('connect', () => {
      if (this.user) socket.emit('join', this.user);
    });
    return socket;
  }

  async #joined(): Promise<JoinSuccess> {
    const success = await this.next('join_success');
    this.deviceId = success.deviceId;
    return success;
  }

  async #closeWebSocket(close: (ws: NodeWebSocket) => void): Promise<void> {
    // who heard nothing for too long has closed it already
    if (!this.socket.connected) return;
    const ws = this.#webSocket();
    const closed = once(ws, 'close');
    close(ws);
    await closed;
    if (this.socket.connected) await new Promise((resolve) => this.socket.once('disconnect', resolve));
  }

  #webSocket(): NodeWebSocket {
    const { transport } = this.socket.io.engine;
    if (!('ws' in transport)) throw new Error(`${this.name} does not speak over a WebSocket`);
    return transport.ws as NodeWebSocket;
  }
}
