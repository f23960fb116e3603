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

/** Refusals that a function may have another token for at the next attempt. */
const TOKEN_CODES = ['unauthorized', 'token_expired'];

/** How long a connection must have lived for its loss to be the first of a series, in milliseconds. */
const STABLE_MS = 5_000;

/** How long the `join` of an attempt that was given up may still be on its way, in milliseconds. */
const LATE_JOIN_MS = 30_000;

/** How long a connection may take to prove that it survived a change of network. */
const PROBE_TIMEOUT_MS = 3_000;

/** Keeps a device joined: one {@link Link} after the other, until it leaves or is told to stay away. */
export class Connector {
  readonly #options: ResolvedOptions;
  readonly #handlers: ConnectorHandlers;
  #state: ClientState = 'idle';
  #link: Link | undefined;
  #attempts = 0;
  /** When this client last joined, and last gave up an attempt. */
  #joinedAt = 0;
  #gaveUpAt = Number.NEGATIVE_INFINITY;
  /** Something between here and the server may let the first transport wait forever. */
  #isReversed = false;
  /** The network changed while there was no connection to tell it over. */
  #hasMoved = false;
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
    const { transports } = this.#options;
    const options = this.#isReversed ? { ...this.#options, transports: transports.toReversed() } : this.#options;
    const link: Link = new Link(options, {
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
    this.#joinedAt = performance.now();
    this.#state = 'joined';
    this.#handlers.onJoined(link, joined);
    // whoever hears of it finds presence and calls as they are now
    if (this.link === link) this.#setState('joined');
    this.#connecting?.resolve();
    if (this.#hasMoved) this.#handlers.onNetworkChange();
    this.#hasMoved = false;
  }

  #onEvent(event: string, payload: unknown): void {
    if (event === 'session_replaced') this.#onReplaced();
    else if (event === 'server_draining') this.#drainMs = Number(Object(payload).reconnectAfterMs) || 0;
    else this.#handlers.onEvent(event, payload);
  }

  /** By an attempt of its own that was given up and came late, or by somebody else. */
  #onReplaced(): void {
    if (performance.now() - this.#gaveUpAt < LATE_JOIN_MS) this.#link?.drop();
    else this.#end('replaced');
  }

  #onEnd({ kind, error }: LinkEnd): void {
    if (kind === 'silent') this.#isReversed = !this.#isReversed;
    if (kind === 'silent' || kind === 'unreachable') this.#gaveUpAt = performance.now();
    if (this.#state === 'connecting') {
      this.#unwatch();
      this.#setState('idle');
      this.#connecting?.reject(error);
      this.#connecting = undefined;
      return;
    }
    if (this.#state === 'joined') {
      if (performance.now() - this.#joinedAt >= STABLE_MS) this.#attempts = 0;
      this.#setState('reconnecting');
      this.#handlers.onLost();
      const { returnTimeoutMs } = this.#options;
      if (Number.isFinite(returnTimeoutMs)) {
        this.#returnTimer = setTimeout(() => this.#end('unreachable', error), returnTimeoutMs);
      }
    }
    if (kind === 'dismissed') this.#end('dismissed', error);
    else if (kind === 'refused' && this.#isFinal(error)) this.#end('refused', error);
    else this.#retryAfter(this.#delay(error.retryAfterMs ?? 0));
  }

  #isFinal({ code }: SignalingError): boolean {
    const mayRenew = typeof this.#options.token === 'function' && TOKEN_CODES.includes(code);
    return FINAL_CODES.includes(code) && !mayRenew;
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
      this.#hasMoved = true;
      this.#gaveUpAt = performance.now();
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
