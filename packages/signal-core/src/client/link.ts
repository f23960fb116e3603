import { io, type Socket } from 'socket.io-client';
import type { ClientEvent, ClientPayload, ClientResults } from '../protocol/client-events.js';
import { type Ack, ERROR_CODES, type ErrorCode, SignalingError } from '../protocol/errors.js';
import type { JoinSuccess } from '../protocol/server-events.js';
import { connectFailure } from './connect-failure.js';
import type { ResolvedOptions, Traffic } from './options.js';

/** What `join` came to. A server that knows only the legacy protocol says next to nothing. */
export type Joined = Partial<JoinSuccess>;

/** Why a link is over: nobody answered in time, never joined, joined and lost, told no, or sent away for good. */
export interface LinkEnd {
  kind: 'silent' | 'unreachable' | 'lost' | 'refused' | 'dismissed';
  error: SignalingError;
}

export interface LinkHandlers {
  joinPayload(): ClientPayload<'join'>;
  onJoined(joined: Joined): void;
  onEvent(event: string, payload: unknown): void;
  /** Once, unless the link was closed from here. */
  onEnd(end: LinkEnd): void;
}

/** `undefined`: the link was lost before an answer came. */
export type OnAnswer<Result = object> = (answer: Ack<Result> | undefined) => void;

const LEAVE_TIMEOUT_MS = 1_000;

/**
 * One connection, from the attempt to its end: it connects, joins, and is not used again. So nothing of socket.io-client's
 * own buffers, which know neither calls nor what a repeat means, ever gets into the next connection.
 */
export class Link {
  readonly #options: ResolvedOptions;
  readonly #handlers: LinkHandlers;
  readonly #socket: Socket;
  readonly #unanswered = new Set<() => void>();
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #state: 'opening' | 'joined' | 'over' = 'opening';
  #acknowledges = false;

  constructor(options: ResolvedOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#socket = io(new URL(options.url).origin, {
      path: options.path,
      auth: (give) => void this.#authenticate(give),
      transports: options.transports,
      tryAllTransports: true,
      forceNew: true,
      reconnection: false,
      // that of this link comes first
      timeout: 2 * options.connectTimeoutMs,
    });
    this.#connectTimer = setTimeout(
      () => this.#end('silent', `${options.url} did not answer within ${options.connectTimeoutMs} ms`),
      options.connectTimeoutMs,
    );
    this.#socket.on('connect', () => this.#join());
    this.#socket.on('connect_error', (error) => this.#onConnectError(error));
    this.#socket.on('disconnect', (reason) => this.#onDisconnect(reason));
    this.#socket.onAny((event: string, payload: unknown) => this.#onEvent(event, payload));
  }

  /** Whether the server answers events; one that knows only the legacy protocol does not. */
  get acknowledges(): boolean {
    return this.#acknowledges;
  }

  /**
   * Sends an event, and gives its answer to `onAnswer` synchronously with the packet: what comes behind it comes later.
   * A server without acknowledgements is taken to agree.
   */
  request<E extends ClientEvent>(event: E, payload: ClientPayload<E>, onAnswer: OnAnswer<ClientResults[E]>): void {
    if (this.#state !== 'joined') onAnswer(undefined);
    else if (this.#acknowledges) this.#emit(event, payload, this.#options.ackTimeoutMs, onAnswer);
    else {
      this.#traffic({ direction: 'sent', event, payload });
      this.#socket.emit(event, payload);
      // there is no answer whose members could be read
      onAnswer({ ok: true } as Ack<ClientResults[E]>);
    }
  }

  /** A round trip. */
  ping(timeoutMs: number, onAnswer: OnAnswer): void {
    if (this.#state !== 'joined') onAnswer(undefined);
    else if (this.#acknowledges) this.#emit('ping', undefined, timeoutMs, onAnswer);
    else {
      const { answer } = this.#await('ping', timeoutMs, onAnswer);
      this.#socket.once('pong', () => answer({ ok: true }));
      this.#traffic({ direction: 'sent', event: 'ping', payload: undefined });
      this.#socket.emit('ping');
    }
  }

  /** Says goodbye: this device left. An answer means that everything sent before has been handled. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#acknowledges && this.#state === 'joined') {
        this.#emit('leave', undefined, LEAVE_TIMEOUT_MS, () => resolve());
      } else this.ping(LEAVE_TIMEOUT_MS, () => resolve());
    });
  }

  /** Closes the connection, and says goodbye. */
  close(): void {
    if (this.#settle()) this.#socket.disconnect();
  }

  /** Closes the connection as if it had been lost: the server keeps the calls. */
  drop(): void {
    this.#end('lost', 'the connection does not answer');
  }

  /** The same, and nobody is told: there will be another. */
  abandon(): void {
    if (this.#settle()) this.#socket.io.engine.close();
  }

  async #authenticate(give: (auth: { token?: string }) => void): Promise<void> {
    const { token } = this.#options;
    try {
      const current = typeof token === 'function' ? await token() : token;
      give(current === undefined ? {} : { token: current });
    } catch (error) {
      this.#end('unreachable', 'there is no token to connect with', error);
    }
  }

  #join(): void {
    this.#emit('join', this.#handlers.joinPayload(), this.#options.connectTimeoutMs, (answer) => {
      if (answer?.ok) this.#onJoined(answer);
      else if (answer) this.#over('refused', signalingError(answer.error));
    });
  }

  #onJoined(joined: Joined): void {
    if (this.#state !== 'opening') return;
    clearTimeout(this.#connectTimer);
    this.#state = 'joined';
    this.#acknowledges = joined.protocol === 2;
    this.#guard(() => this.#handlers.onJoined(joined));
  }

  #onEvent(event: string, payload: unknown): void {
    if (this.#state === 'over') return;
    this.#traffic({ direction: 'received', event, payload });
    // a legacy server acknowledges nothing, and sends this in place of it
    if (event === 'join_success') this.#onJoined(Object(payload));
    else this.#guard(() => this.#handlers.onEvent(event, payload));
  }

  #onConnectError(error: Error & { data?: unknown }): void {
    // not active: the server itself said no
    if (!this.#socket.active) {
      const code: unknown = Object(error.data).code;
      const known = ERROR_CODES.find((name) => name === code) ?? 'unavailable';
      this.#over('refused', new SignalingError(known, error.message));
      return;
    }
    const failure = connectFailure(error);
    this.#end('unreachable', `cannot reach ${this.#options.url}: ${failure.message}`, failure);
  }

  #onDisconnect(reason: string): void {
    const kind = reason === 'io server disconnect' ? 'dismissed' : this.#state === 'joined' ? 'lost' : 'unreachable';
    this.#end(kind, `the connection to ${this.#options.url} is gone: ${reason}`);
  }

  #emit<E extends ClientEvent>(
    event: E,
    payload: ClientPayload<E>,
    timeoutMs: number,
    onAnswer: OnAnswer<ClientResults[E]>,
  ): void {
    const { answer } = this.#await(event, timeoutMs, onAnswer);
    this.#traffic({ direction: 'sent', event, payload });
    this.#socket.emit(event, payload ?? null, (ack: Ack<ClientResults[E]>) => {
      if (this.#state === 'over') return;
      this.#traffic({ direction: 'ack', event, payload: ack, request: payload });
      answer(ack);
    });
  }

  #await<Result>(event: string, timeoutMs: number, onAnswer: OnAnswer<Result>) {
    const answer = (ack: Ack<Result> | undefined): void => {
      if (!this.#unanswered.delete(lose)) return;
      clearTimeout(timer);
      onAnswer(ack);
    };
    const lose = () => answer(undefined);
    const message = `no answer to ${event} within ${timeoutMs} ms`;
    const timer = setTimeout(() => answer({ ok: false, error: { code: 'unavailable', message } }), timeoutMs);
    this.#unanswered.add(lose);
    return { answer };
  }

  #end(kind: LinkEnd['kind'], message: string, cause?: unknown): void {
    const error = new SignalingError('unavailable', message);
    if (cause !== undefined) error.cause = cause;
    this.#over(kind, error);
  }

  #over(kind: LinkEnd['kind'], error: SignalingError): void {
    if (!this.#settle()) return;
    // closes the transport only: a Socket.IO disconnect would say that the device left
    this.#socket.io.engine.close();
    this.#handlers.onEnd({ kind, error });
  }

  /** @returns whether it was not over yet */
  #settle(): boolean {
    if (this.#state === 'over') return false;
    this.#state = 'over';
    clearTimeout(this.#connectTimer);
    for (const lose of [...this.#unanswered]) lose();
    return true;
  }

  #traffic(traffic: Traffic): void {
    this.#guard(() => this.#options.onTraffic(traffic));
  }

  /** Any server may be at the other end, and any application at this one. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.onListenerError(error);
    }
  }
}

/** The error that a refusal on the wire stands for. */
export function signalingError(body: {
  code: ErrorCode;
  message: string;
  callId?: string;
  retryAfterMs?: number;
}): SignalingError {
  return new SignalingError(body.code, body.message, body.callId, body.retryAfterMs);
}
