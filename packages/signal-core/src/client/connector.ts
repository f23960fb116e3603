import type { ClientPayload } from '../protocol/client-events.js';
import { SignalingError } from '../protocol/errors.js';
import { type Joined, Link, type LinkEnd } from './link.js';
import { watchBrowser } from './network.js';
import type { ResolvedOptions } from './options.js';
import { reconnectDelay } from './reconnect.js';

export type ClientState = 'idle' | 'connecting' | 'joined' | 'reconnecting' | 'closed';

/**
 * Why a client is closed for good: it left, another connection of the same device took over, the server sent it away,
 * it did not come back in time, or the server refused to let it in again.
 */
export type ClosedReason = 'left' | 'replaced' | 'dismissed' | 'unreachable' | 'refused';

export interface ConnectorHandlers {
  joinPayload(): ClientPayload<'join'>;
  hasLiveCall(): boolean;
  onState(state: ClientState): void;
  onJoined(link: Link, joined: Joined): void;
  onLost(): void;
  onEvent(event: string, payload: unknown): void;
  onNetworkChange(): void;
  onClosed(reason: ClosedReason, error: SignalingError | undefined): void;
}

/** Refusals that another attempt would meet again. */
const FINAL_CODES = ['unauthorized', 'token_expired', 'identity_mismatch', 'forbidden', 'invalid_payload'];

/** How long a connection may take to prove that it survived a change of network. */
const PROBE_TIMEOUT_MS = 3_000;

/** Keeps a device joined: one {@link Link} after the other, until it leaves or is told to stay away. */
export class Connector {
  readonly #options: ResolvedOptions;
  readonly #handlers: ConnectorHandlers;
  #state: ClientState = 'idle';
  #link: Link | undefined;
  #attempts = 0;
  /** What the server asked to wait for, going down. */
  #drainMs = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #returnTimer: ReturnType<typeof setTimeout> | undefined;
  #unwatch = () => {};
  #connecting: { promise: Promise<void>; resolve: () => void; reject: (error: SignalingError) => void } | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions, handlers: ConnectorHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  get state(): ClientState {
    return this.#state;
  }

  /** The connection, once joined. */
  get link(): Link | undefined {
    return this.#state === 'joined' ? this.#link : undefined;
  }

  connect(): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(closedError());
    if (this.#connecting === undefined) {
      this.#connecting = deferred();
      this.#unwatch = watchBrowser({
        onOnline: () => this.#onOnline(),
        onPageGone: () => this.#onPageGone(),
      });
      this.#setState('connecting');
      this.#open();
    }
    return this.#connecting.promise;
  }

  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  async #leave(): Promise<void> {
    await this.link?.leave();
    this.#end('left');
  }

  #open(): void {
    const link: Link = new Link(this.#options, {
      joinPayload: () => this.#handlers.joinPayload(),
      onJoined: (joined) => this.#onJoined(link, joined),
      onEvent: (event, payload) => this.#onEvent(event, payload),
      onEnd: (end) => this.#onEnd(end),
    });
    this.#link = link;
  }

  #onJoined(link: Link, joined: Joined): void {
    clearTimeout(this.#returnTimer);
    this.#returnTimer = undefined;
    this.#attempts = 0;
    this.#setState('joined');
    this.#handlers.onJoined(link, joined);
    this.#connecting?.resolve();
  }

  #onEvent(event: string, payload: unknown): void {
    if (event === 'session_replaced') this.#end('replaced');
    else if (event === 'server_draining') this.#drainMs = Number(Object(payload).reconnectAfterMs) || 0;
    else this.#handlers.onEvent(event, payload);
  }

  #onEnd({ kind, error }: LinkEnd): void {
    if (this.#state === 'connecting') {
      this.#unwatch();
      this.#setState('idle');
      this.#connecting?.reject(error);
      this.#connecting = undefined;
      return;
    }
    if (this.#state === 'joined') {
      this.#setState('reconnecting');
      this.#handlers.onLost();
      const { returnTimeoutMs } = this.#options;
      if (Number.isFinite(returnTimeoutMs)) {
        this.#returnTimer = setTimeout(() => this.#end('unreachable', error), returnTimeoutMs);
      }
    }
    if (kind === 'dismissed') this.#end('dismissed', error);
    else if (kind === 'refused' && FINAL_CODES.includes(error.code)) this.#end('refused', error);
    else this.#retryAfter(this.#delay(error.retryAfterMs ?? 0));
  }

  #delay(retryAfterMs: number): number {
    const spread = reconnectDelay(this.#attempts, this.#handlers.hasLiveCall(), this.#options.random);
    const asked = Math.max(this.#drainMs, retryAfterMs);
    this.#drainMs = 0;
    this.#attempts += 1;
    return asked + spread;
  }

  #retryAfter(delayMs: number): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#open(), delayMs);
  }

  #onOnline(): void {
    const { link } = this;
    if (link !== undefined) {
      link.ping(PROBE_TIMEOUT_MS, (answer) => {
        if (answer?.ok === false) link.drop();
      });
      this.#handlers.onNetworkChange();
    } else if (this.#state === 'reconnecting') {
      this.#attempts = 0;
      // not closed: the server may have let it in, and would take that for leaving
      this.#link?.abandon();
      this.#retryAfter(0);
    }
  }

  #onPageGone(): void {
    void this.link?.leave();
    this.#end('left');
  }

  #end(reason: ClosedReason, error?: SignalingError): void {
    if (this.#state === 'closed') return;
    this.#setState('closed');
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#returnTimer);
    this.#unwatch();
    this.#link?.close();
    this.#connecting?.reject(error ?? closedError());
    this.#handlers.onClosed(reason, error);
  }

  #setState(state: ClientState): void {
    this.#state = state;
    this.#handlers.onState(state);
  }
}

function closedError(): SignalingError {
  return new SignalingError('unavailable', 'this client is closed; make another');
}

function deferred() {
  let settle = { resolve: () => {}, reject: (_error: SignalingError) => {} };
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // whoever asked has the promise; nobody else is to hear of it
  promise.catch(() => {});
  return { promise, ...settle };
}
