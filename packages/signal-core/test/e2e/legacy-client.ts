import { once } from 'node:events';
import type { Ack, ServerEvent, ServerPayloads } from 'signal-core/protocol';
import { io, type Socket } from 'socket.io-client';
import type { WebSocket } from 'ws';

export const TRANSPORTS = ['polling', 'websocket'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** What a client can hear: the server's events, `pong`, and the end of its own connection with the reason. */
export type Heard = ServerPayloads & { pong: undefined; disconnect: string };
export type HeardEvent = ServerEvent | 'pong' | 'disconnect';

interface Entry {
  event: string;
  payload: unknown;
  taken: boolean;
}

export interface LegacyClientOptions {
  url: string;
  transport: Transport;
  /** For messages only. */
  name: string;
  path?: string;
  userAgent?: string;
  /** socket.io-client comes back by itself, and `join`s again as the legacy application does. */
  reconnection?: boolean;
}

/** How long to wait for an event before giving up. */
const PATIENCE_MS = 4_000;

/**
 * A deployed legacy client over the real socket.io-client: it sends `join` at every connect once it knows who it is.
 * Every event is recorded in order; `next` takes them one at a time, `quiet` says that none is left.
 */
export class LegacyClient {
  readonly name: string;
  readonly socket: Socket;
  readonly log: Entry[] = [];
  /** What `join` sends at each connect. */
  user: { id: string; username: string; [extra: string]: unknown } | undefined;
  /** As the last `join_success` named it. */
  deviceId: string | undefined;
  readonly #transport: Transport;
  readonly #url: string;
  readonly #watchers = new Set<() => void>();

  constructor(options: LegacyClientOptions) {
    const { url, transport, name, path = '/socket.io', userAgent, reconnection = false } = options;
    this.name = name;
    this.#transport = transport;
    this.#url = `${url}${path}/`;
    this.socket = io(url, {
      path,
      transports: [transport],
      upgrade: false,
      forceNew: true,
      autoConnect: false,
      reconnection,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      ...(userAgent !== undefined && { extraHeaders: { 'user-agent': userAgent } }),
    });
    this.socket.onAny((event: string, payload: unknown) => this.#record(event, payload));
    this.socket.on('disconnect', (reason) => this.#record('disconnect', reason));
    this.socket.on('connect', () => {
      if (this.user) this.socket.emit('join', this.user);
    });
  }

  get id(): string {
    if (!this.user) throw new Error(`${this.name} has not joined`);
    return this.user.id;
  }

  /** Opens the connection, without a `join` unless the client has a user already. */
  async connect(): Promise<this> {
    const failed = new Promise<never>((_, reject) => this.socket.once('connect_error', reject));
    const connected = new Promise<void>((resolve) => this.socket.once('connect', resolve));
    this.socket.connect();
    await Promise.race([connected, failed]);
    this.socket.off('connect_error');
    return this;
  }

  /** Says who it is, now and at every later connect. */
  async join(user: { id: string; username: string; [extra: string]: unknown }): Promise<Heard['join_success']> {
    this.user = user;
    this.socket.emit('join', user);
    return this.#joined();
  }

  /** Comes back after a loss, as the same page: buffered events first, then `join`. */
  async comeBack(): Promise<Heard['join_success']> {
    await this.connect();
    return this.#joined();
  }

  /** Fire and forget, as legacy clients do. While disconnected, socket.io-client buffers it. */
  send(event: string, ...args: unknown[]): void {
    this.socket.emit(event, ...args);
  }

  /** With an acknowledgement. */
  ask(event: string, ...args: unknown[]): Promise<Ack<Record<string, unknown>>> {
    return this.socket.timeout(PATIENCE_MS).emitWithAck(event, ...args);
  }

  /** The code of the refusal that an acknowledged event must end in. */
  async refusal(event: string, ...args: unknown[]): Promise<string> {
    const answer = await this.ask(event, ...args);
    if (answer.ok) throw new Error(`${this.name}: ${event} was not refused: ${JSON.stringify(answer)}`);
    return answer.error.code;
  }

  /** The oldest event of that name not taken yet, or the next one to come. */
  next<E extends HeardEvent>(event: E, where: (payload: Heard[E]) => boolean = () => true): Promise<Heard[E]> {
    const missing = new Error();
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      const look = () => {
        // The name decides the type: what the server really sends is what the tests are about.
        const found = this.log.find((e) => !e.taken && e.event === event && where(e.payload as Heard[E]));
        if (!found) return;
        found.taken = true;
        done();
        resolve(found.payload as Heard[E]);
      };
      const timer = setTimeout(() => {
        done();
        missing.message = `${this.name} waited ${PATIENCE_MS} ms for ${event}; came: ${this.#summary()}`;
        reject(missing);
      }, PATIENCE_MS);
      this.#watchers.add(look);
      look();
    });
  }

  /** All payloads of an event that were not taken yet, in order; takes them. */
  take<E extends HeardEvent>(event: E): Heard[E][] {
    const entries = this.log.filter((entry) => !entry.taken && entry.event === event);
    for (const entry of entries) entry.taken = true;
    return entries.map((entry) => entry.payload as Heard[E]);
  }

  /** Forgets what came so far. */
  forget(): void {
    this.log.length = 0;
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
    }
  }

  /** None of these events is left untaken once everything under way has arrived. */
  async quiet(...events: HeardEvent[]): Promise<void> {
    if (this.socket.connected) await this.settle();
    const unwanted = this.log.find((entry) => !entry.taken && (events as string[]).includes(entry.event));
    if (unwanted) throw new Error(`${this.name} got ${unwanted.event} ${JSON.stringify(unwanted.payload)}`);
  }

  /** Loses the transport without saying goodbye: a close frame without a code, or an engine `close` packet. */
  async drop(): Promise<void> {
    if (this.#transport === 'websocket') return this.#closeWebSocket((ws) => ws.close());
    const { engine } = this.socket.io;
    // Sent by hand in order to know that the server has it.
    await fetch(`${this.#url}?EIO=4&transport=polling&sid=${engine.id}`, { method: 'POST', body: '1' });
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

  close(): void {
    this.socket.io.reconnection(false);
    this.socket.disconnect();
  }

  async #joined(): Promise<Heard['join_success']> {
    const success = await this.next('join_success');
    this.deviceId = success.deviceId;
    return success;
  }

  async #closeWebSocket(close: (ws: WebSocket) => void): Promise<void> {
    const ws = this.#webSocket();
    const closed = once(ws, 'close');
    close(ws);
    await closed;
    if (this.socket.connected) await new Promise((resolve) => this.socket.once('disconnect', resolve));
  }

  #webSocket(): WebSocket {
    // `ws` is what engine.io-client opens under Node.
    const { ws } = this.socket.io.engine.transport as unknown as { ws: WebSocket };
    return ws;
  }

  #record(event: string, payload: unknown): void {
    this.log.push({ event, payload, taken: false });
    for (const look of [...this.#watchers]) look();
  }

  #summary(): string {
    const lines = this.log.map((entry) => {
      const text = JSON.stringify(entry.payload) ?? '';
      return `${entry.event}${entry.taken ? ' (taken)' : ''} ${text.length > 120 ? `${text.slice(0, 120)}…` : text}`;
    });
    return lines.length === 0 ? 'nothing' : `\n  ${lines.join('\n  ')}`;
  }
}
