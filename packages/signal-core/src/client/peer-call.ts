import type { Json } from '../domain/json.js';
import { SignalingError } from '../protocol/errors.js';
import type { SessionDescription } from '../protocol/server-events.js';
import type { IceCandidate } from '../protocol/signal.js';
import { Emitter, type ReportError } from './emitter.js';
import { Negotiation } from './negotiation.js';
import type { PeerConnection } from './peer-connection.js';
import type { CallEnd, SignalingCall } from './signaling-call.js';
import type { SignalingClient } from './signaling-client.js';

export interface PeerCallOptions {
  /** Of a call that is placed. @default 'video' */
  callType?: 'video' | 'audio';
  /** Of a call that is placed: any JSON of 1 KiB, shown to the callee. */
  metadata?: Json;
  /** Close the peer connection when the call is over. @default true: otherwise media would go on, unseen by the server */
  closePeerConnection?: boolean;
  /** What an application's listener threw. @default console.error */
  onListenerError?: ReportError;
}

/** Whom to call, and from where. */
export interface CallTarget {
  client: Pick<SignalingClient, 'call' | 'calls'>;
  /** A user id. */
  to: string;
}

/** What a {@link PeerCall} tells. */
export interface PeerCallEvents {
  /** Media can flow, for the first time or again. */
  connected: [];
  /** Media has stopped; ICE looks for another path. */
  reconnecting: [];
  /** Once. */
  ended: [end: CallEnd];
  /** Something that the other end sent did not fit; the call goes on. */
  error: [error: unknown];
}

/**
 * Binds a call to an `RTCPeerConnection` of the application: offer and answer, trickled candidates both ways,
 * renegotiation whenever the connection needs it, ICE restart when it fails or the network changes, and the first call
 * answered where two people call each other at once.
 *
 * @example
 * const peerCall = new PeerCall({ client, to: userId }, pc, { callType: 'video' }); // or new PeerCall(incomingCall, pc)
 * peerCall.on('ended', ({ reason }) => show(reason));
 * await peerCall.start();
 * @see SPEC.md, rules CLIENT-12 to CLIENT-15
 */
export class PeerCall {
  readonly #target: SignalingCall | CallTarget;
  readonly #pc: PeerConnection;
  readonly #options: PeerCallOptions;
  readonly #emitter: Emitter<PeerCallEvents>;
  readonly #negotiation: Negotiation;
  readonly #undo: (() => void)[] = [];
  /** Found before there was a call to send them in. */
  #found: (IceCandidate | null)[] = [];
  #call: SignalingCall | undefined;
  #offer: SessionDescription<'offer'> | undefined;
  #media: 'new' | 'connected' | 'lost' = 'new';
  #hasFailed = false;
  #isOver = false;

  /**
   * @param target - a call that rings here, or whom to call
   * @param pc - with the tracks and data channels that are to be offered
   */
  constructor(target: SignalingCall | CallTarget, pc: PeerConnection, options: PeerCallOptions = {}) {
    this.#target = target;
    this.#pc = pc;
    this.#options = options;
    // biome-ignore lint/suspicious/noConsole: a fault of the application must not vanish
    this.#emitter = new Emitter(options.onListenerError ?? console.error, { keep: true });
    const onError = (error: unknown) => {
      if (!this.#isOver) this.#emitter.emit('error', error);
    };
    this.#negotiation = new Negotiation(pc, {
      description: (description) => void this.#call?.sendDescription(description).catch(onError),
      candidate: (candidate) => this.#onLocalCandidate(candidate),
      error: onError,
    });
    const onState = () => this.#onConnectionState();
    for (const event of ['iceconnectionstatechange', 'connectionstatechange']) {
      pc.addEventListener(event, onState);
      this.#undo.push(() => pc.removeEventListener(event, onState));
    }
  }

  /** The call, once it rings. */
  get call(): SignalingCall | undefined {
    return this.#call;
  }

  /** @returns how to stop listening */
  on<E extends keyof PeerCallEvents>(event: E, listener: (...args: PeerCallEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  /**
   * Places the call, or accepts it: resolves once it rings there, or is active.
   *
   * @throws SignalingError as {@link SignalingClient.call} and {@link SignalingCall.accept} do
   */
  async start(): Promise<void> {
    try {
      if ('to' in this.#target) await this.#place(this.#target);
      else await this.#answer(this.#target);
    } catch (error) {
      void this.#call?.end();
      this.#over({ reason: error instanceof SignalingError ? error.code : 'internal' });
      throw error;
    }
  }

  /** Cancels, declines or hangs up. */
  async end(): Promise<void> {
    const call = this.#call ?? this.#placing();
    const told = call?.end();
    this.#over({ reason: 'cancelled' });
    await told;
  }

  async #place({ client, to }: CallTarget): Promise<void> {
    const { callType = 'video', metadata } = this.#options;
    const offer = await this.#negotiation.offer();
    this.#offer = offer;
    try {
      const request = metadata === undefined ? { offer, callType } : { offer, callType, metadata };
      this.#bind(await client.call(to, request));
    } catch (error) {
      const isGlare = error instanceof SignalingError && error.code === 'glare';
      const first = isGlare && error.callId !== undefined ? client.calls.get(error.callId) : undefined;
      if (first === undefined || this.#isOver) throw error;
      // they belong to an offer that nobody will answer
      this.#found = [];
      await this.#answer(first);
    }
  }

  async #answer(call: SignalingCall): Promise<void> {
    this.#bind(call);
    await call.accept(await this.#negotiation.answer(call.offer));
    this.#negotiation.open();
  }

  /** The call that waits for the server's word. */
  #placing(): SignalingCall | undefined {
    const calls = 'to' in this.#target ? [...this.#target.client.calls.values()] : [];
    return calls.find(({ offer }) => offer === this.#offer);
  }

  #bind(call: SignalingCall): void {
    if (this.#isOver) return;
    this.#call = call;
    for (const candidate of this.#found.splice(0)) call.sendCandidate(candidate);
    const negotiation = this.#negotiation;
    this.#undo.push(
      call.on('accepted', (answer) => {
        negotiation.receive(answer);
        negotiation.open();
      }),
      call.on('candidates', (candidates) => negotiation.addCandidates(candidates)),
      call.on('description', (description) => negotiation.receive(description)),
      call.on('unrecovered', () => {
        negotiation.open();
        negotiation.recover();
      }),
      call.on('networkChange', () => this.#pc.restartIce()),
      call.on('ended', (end) => this.#over(end)),
    );
  }

  #onLocalCandidate(candidate: IceCandidate | null): void {
    if (this.#call === undefined) this.#found.push(candidate);
    else this.#call.sendCandidate(candidate);
  }

  #onConnectionState(): void {
    const { iceConnectionState: ice, connectionState } = this.#pc;
    const hasFailed = ice === 'failed' || connectionState === 'failed';
    if (hasFailed && !this.#hasFailed) this.#pc.restartIce();
    this.#hasFailed = hasFailed;
    if (hasFailed || ice === 'disconnected') this.#setMedia('lost');
    else if (ice === 'connected' || ice === 'completed') this.#setMedia('connected');
  }

  #setMedia(media: 'connected' | 'lost'): void {
    if (media === this.#media) return;
    this.#media = media;
    this.#emitter.emit(media === 'connected' ? 'connected' : 'reconnecting');
  }

  #over(end: CallEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#negotiation.close();
    for (const undo of this.#undo.splice(0)) undo();
    if (this.#options.closePeerConnection ?? true) this.#pc.close();
    this.#emitter.emit('ended', end);
  }
}
