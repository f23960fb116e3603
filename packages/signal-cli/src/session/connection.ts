import {
  type ClientEvent,
  type ClientPayload,
  type ClientToServerEvents,
  type JoinSuccess,
  type ServerToClientEvents,
  SignalingError,
  type UserRef,
} from 'signal-core/protocol';
import { io, type Socket } from 'socket.io-client';
import { v4 as uuidv4 } from 'uuid';
import { Failure } from '../failure.js';
import { deferred } from './deferred.js';
import { fieldsOf } from './fields.js';
import { inTime } from './in-time.js';
import { type Identity, refused, unreachable } from './rest.js';
import { ackEntry, milestone, type Observe, wireEntry } from './timeline.js';

export interface ConnectionOptions {
  url: URL;
  /** Where Socket.IO is at the origin of `url`. */
  path: string;
  identity: Identity;
  /** Longest wait for the connection, for its return after a loss, and for an acknowledgement. */
  timeoutMs: number;
  /** Sees every event, sent and received. */
  observe: Observe;
}

/** What commands send by themselves: joining and leaving are taken care of here. */
export type CallEvent = Exclude<ClientEvent, 'join' | 'leave'>;

type AckOf<E extends ClientEvent> = Parameters<NonNullable<Parameters<ClientToServerEvents[E]>[1]>>[0];
type ResultOf<E extends ClientEvent> = Extract<AckOf<E>, { ok: true }>;

const LEAVE_TIMEOUT_MS = 1000;

/**
 * One device of a user, online: it joins, and joins again after every loss. Against a server that knows
 * only the legacy protocol it does without acknowledgements.
 */
export class Connection {
  readonly #socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly #options: ConnectionOptions;
  readonly #deviceId = uuidv4();
  readonly #ready = deferred<JoinSuccess>();
  readonly #lost = deferred<Failure>();
  #acknowledges = false;
  #lossTimer: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = io(options.url.origin, {
      path: options.path,
      auth: { token: options.identity.token },
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
      timeout: options.timeoutMs,
      reconnectionDelay: 200,
      reconnectionDelayMax: 2000,
    });
    this.#socket.onAny((event: string, body: unknown) => options.observe(wireEntry('received', event, body)));
    this.#socket.on('connect', () => void this.#join());
    this.#socket.on('connect_error', (error) => this.#onConnectError(error));
    this.#socket.on('disconnect', (reason) => this.#onDisconnect(reason));
  }

  /** Resolves at the first `join_success`; rejects with a {@link Failure}. */
  get ready(): Promise<JoinSuccess> {
    return this.#ready.promise;
  }

  /** Resolves, with the reason, once a joined connection is gone for good. */
  get lost(): Promise<Failure> {
    return this.#lost.promise;
  }

  /** Whether the server answers events; a legacy server does not. Known once {@link ready}. */
  get acknowledges(): boolean {
    return this.#acknowledges;
  }

  get self(): UserRef {
    return this.#options.identity.user;
  }

  /** @returns a function that removes the listener */
  on<E extends keyof ServerToClientEvents>(event: E, listener: ServerToClientEvents[E]): () => void {
    // socket.io-client adds its own reserved events to the type, which then no longer resolves for a generic name.
    const emitter = this.#socket as unknown as Pick<NodeJS.EventEmitter, 'on' | 'off'>;
    emitter.on(event, listener);
    return () => emitter.off(event, listener);
  }

  /** Sends without asking for an acknowledgement: a refusal comes as `signal_error`. */
  send<E extends CallEvent>(event: E, payload?: ClientPayload<E>): void {
    this.#options.observe(wireEntry('sent', event, payload));
    this.#untyped().emit(event, payload);
  }

  /**
   * Sends, and waits for the acknowledgement.
   *
   * @returns the result; undefined when the server gives no acknowledgements
   * @throws SignalingError with the code of the refusal, or `unavailable` when no answer came in time
   */
  async request<E extends CallEvent>(event: E, payload: ClientPayload<E>): Promise<ResultOf<E> | undefined> {
    if (!this.#acknowledges) {
      this.send(event, payload);
      return undefined;
    }
    const ack = await this.#emitWithAck<E>(event, payload, this.#options.timeoutMs);
    // `ok` tells the two apart, which the compiler cannot see for a generic event.
    if (ack.ok) return ack as ResultOf<E>;
    const { code, message, callId } = ack.error;
    throw new SignalingError(code, message, callId);
  }

  /** Leaves and disconnects. Idempotent. */
  async close(): Promise<void> {
    this.#stopLossTimer();
    // An answer means that everything sent before has been handled: a process that exits may lose what is on its way.
    if (this.#socket.connected) {
      const answer = this.#acknowledges ? this.#emitWithAck('leave', null, LEAVE_TIMEOUT_MS) : this.#pong();
      await answer.catch(() => {});
    }
    this.#socket.disconnect();
  }

  async #join(): Promise<void> {
    const { identity, timeoutMs, url } = this.#options;
    const payload = { id: identity.user.id, username: identity.user.username, deviceId: this.#deviceId, protocol: 2 };
    // A legacy server acknowledges nothing and only sends `join_success`: whichever comes first.
    const event = deferred<AckOf<'join'>>();
    const forget = this.on('join_success', (joined) => event.resolve({ ok: true, ...joined }));
    try {
      const answer = await Promise.race([event.promise, this.#emitWithAck<'join'>('join', payload, timeoutMs)]);
      if (!answer.ok) throw refused(url, `${answer.error.code}, ${answer.error.message}`);
      this.#stopLossTimer();
      this.#acknowledges = answer.protocol === 2;
      this.#ready.resolve(answer);
    } catch (error) {
      this.#giveUp(error instanceof Failure ? error : unreachable(url, error));
    } finally {
      forget();
    }
  }

  async #emitWithAck<E extends ClientEvent>(event: E, payload: unknown, timeoutMs: number): Promise<AckOf<E>> {
    // Given up: the library would keep it for a connection that does not come.
    if (!this.#socket.active) throw new SignalingError('unavailable', `not connected, ${event} was not sent`);
    this.#options.observe(wireEntry('sent', event, payload));
    const answer = deferred<AckOf<E>>();
    const onAnswer = (error: Error | null, ack: AckOf<E>): void => {
      if (error) {
        answer.reject(new SignalingError('unavailable', `no answer to ${event} within ${timeoutMs} ms`));
        return;
      }
      // Here and not after an await, which would let the events that came next be recorded first.
      this.#options.observe(ackEntry(event, payload, ack));
      answer.resolve(ack);
    };
    this.#untyped().timeout(timeoutMs).emit(event, payload, onAnswer);
    return answer.promise;
  }

  /** What a legacy server has in place of acknowledgements. */
  #pong(): Promise<void> {
    const pong = deferred<void>();
    const forget = this.on('pong', pong.resolve);
    this.send('ping');
    return inTime(pong.promise, LEAVE_TIMEOUT_MS, 'pong').finally(forget);
  }

  // The public methods check names and payloads; the library's own types do not resolve for a generic event name.
  #untyped(): Socket {
    return this.#socket as unknown as Socket;
  }

  #onConnectError(error: Error): void {
    const { url, path } = this.#options;
    // Not active: the server itself said no. Otherwise the library keeps trying, which is for a lost connection only.
    if (!this.#socket.active) this.#giveUp(refused(url, error.message));
    else if (!this.#lossTimer)
      this.#giveUp(statusOf(error) === 404 ? elsewhere(url, path) : unreachable(url, rootOf(error)));
  }

  #onDisconnect(reason: string): void {
    const { url, observe, timeoutMs } = this.#options;
    if (reason === 'io client disconnect') return;
    observe(milestone('connection_lost', null, reason));
    const failure = new Failure('unreachable', `the connection to ${url.origin} is gone (${reason})`);
    if (!this.#socket.active) this.#giveUp(failure);
    else this.#lossTimer ??= setTimeout(() => this.#giveUp(failure), timeoutMs);
  }

  #stopLossTimer(): void {
    clearTimeout(this.#lossTimer);
    this.#lossTimer = undefined;
  }

  #giveUp(failure: Failure): void {
    this.#ready.reject(failure);
    this.#lost.resolve(failure);
    void this.close();
  }
}

function elsewhere({ origin }: URL, path: string): Failure {
  return new Failure('unreachable', `nothing at ${origin}${path} (HTTP 404): another Socket.IO path? see --path`);
}

function statusOf(error: Error): unknown {
  return fieldsOf(fieldsOf(error).context).status;
}

/** engine.io says only "xhr poll error"; what happened is in the request that it hands along. */
function rootOf(error: Error): unknown {
  const { status, statusText } = fieldsOf(fieldsOf(error).context);
  if (statusText instanceof Error) return statusText;
  return typeof status === 'number' && status > 0 ? new Error(`HTTP ${status}`) : error;
}
