import type { Json } from '../domain/json.js';
import { SignalingError } from '../protocol/errors.js';
import type { SessionDescription } from '../protocol/server-events.js';
import type { IceCandidate } from '../protocol/signal.js';
import { Emitter, type ReportError } from './emitter.js';
import { endError } from './end-error.js';
import type { IceServerList } from './ice-configuration.js';
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
  /** Something that the other end sent did not fit, or something sent there was refused; the call goes on. */
  error: [error: unknown];
}

/**
 * Binds a call to an `RTCPeerConnection` of the application: offer and answer, trickled candidates both ways,
 * renegotiation whenever the connection needs it, ICE restart when it fails or the network changes, with the client's
 * newest ICE servers, and the first call answered where two people call each other at once.
 *
 * @example
 * const peerCall = new PeerCall({ client, to: userId }, pc, { callType: 'video' }); // or new PeerCall(incomingCall, pc)
 * peerCall.on('ended', ({ reason }) => show(reason));
 * await peerCall.start();
 * @see SPEC.md, rules CLIENT-12 to CLIENT-15, CLIENT-20, CLIENT-21, CLIENT-24 and CLIENT-28
 */
export class PeerCall {
  readonly #target: SignalingCall | CallTarget;
  readonly #pc: PeerConnection;
  readonly #options: PeerCallOptions;
  readonly #emitter: Emitter<PeerCallEvents>;
  readonly #negotiation: Negotiation;
  readonly #undo: ((end: CallEnd) => void)[] = [];
  /** Found before there was a call to send them in. */
  #found: (IceCandidate | null)[] = [];
  #call: SignalingCall | undefined;
  /** Those that the connection was made with, or was given since. */
  #iceServers: IceServerList | undefined;
  #offer: SessionDescription<'offer'> | undefined;
  #media: 'new' | 'connected' | 'lost' = 'new';
  #hasFailed = false;
  #hasStarted = false;
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
    this.#negotiation = new Negotiation(pc, {
      description: async (description) => this.#call?.sendDescription(description),
      candidate: (candidate) => this.#onLocalCandidate(candidate),
      iceRestarts: () => this.#renewServers(),
      error: (error) => this.#onError(error),
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
   * @throws SignalingError as {@link SignalingClient.call} and {@link SignalingCall.accept} do; `invalid_state` when it
   * has started before, or the call ends meanwhile
   */
  async start(): Promise<void> {
    if (this.#hasStarted || this.#isOver) {
      throw new SignalingError('invalid_state', 'a PeerCall starts once, and not after its end');
    }
    this.#hasStarted = true;
    // a closed connection may never settle what it was asked
    const over = new Promise<never>((_, reject) => {
      this.#undo.push(({ reason }) => reject(endError(reason, this.#call?.id)));
    });
    const started = 'to' in this.#target ? this.#place(this.#target) : this.#answer(this.#target);
    try {
      await Promise.race([started, over]);
    } catch (error) {
      void this.#call?.end();
      this.#over({ reason: error instanceof SignalingError ? error.code : 'internal' });
      throw error;
    }
  }

  /** Cancels, declines or hangs up, at any moment. */
  async end(): Promise<void> {
    const target = this.#target;
    const isCaller = 'to' in target;
    const call = this.#call ?? (isCaller ? this.#placing(target) : target);
    const told = call?.end();
    this.#over({ reason: isCaller ? 'cancelled' : 'declined' });
    await told;
  }

  async #place({ client, to }: CallTarget): Promise<void> {
    const { callType = 'video', metadata } = this.#options;
    const offer = await this.#negotiation.offer();
    if (this.#isOver) return;
    this.#offer = offer;
    try {
      const request = metadata === undefined ? { offer, callType } : { offer, callType, metadata };
      this.#bind(await client.call(to, request));
    } catch (error) {
      const isGlare = error instanceof SignalingError && error.code === 'glare';
      const first = isGlare && error.callId !== undefined ? client.calls.get(error.callId) : undefined;
      if (first === undefined) throw error;
      // what does not let itself be taken back cannot answer either, which ends the call
      await this.#negotiation.withdraw().catch(() => {});
      // they belong to an offer that nobody will answer
      this.#found = [];
      await this.#answer(first);
    }
  }

  async #answer(call: SignalingCall): Promise<void> {
    this.#bind(call);
    if (this.#isOver) return;
    const answer = await this.#negotiation.answer(call.offer);
    if (this.#isOver) return;
    await call.accept(answer);
    this.#negotiation.open();
  }

  /** The call that waits for the server's word. */
  #placing({ client, to }: CallTarget): SignalingCall | undefined {
    const sdp = this.#offer?.sdp;
    return [...client.calls.values()].find(
      ({ role, state, peer, offer }) => role === 'caller' && state === 'ringing' && peer.id === to && offer.sdp === sdp,
    );
  }

  #bind(call: SignalingCall): void {
    if (this.#isOver) {
      // it came too late
      void call.end();
      return;
    }
    this.#call = call;
    this.#iceServers = call.iceServers;
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
      call.on('networkChange', () => negotiation.restartIce()),
      call.on('error', (error) => this.#onError(error)),
      call.on('ended', (end) => this.#over(end)),
    );
  }

  #onLocalCandidate(candidate: IceCandidate | null): void {
    if (this.#call === undefined) this.#found.push(candidate);
    else this.#call.sendCandidate(candidate);
  }

  #onError(error: unknown): void {
    if (!this.#isOver) this.#emitter.emit('error', error);
  }

  #onConnectionState(): void {
    const { iceConnectionState: ice, connectionState } = this.#pc;
    const hasFailed = ice === 'failed' || connectionState === 'failed';
    if (hasFailed && !this.#hasFailed) this.#negotiation.restartIce();
    this.#hasFailed = hasFailed;
    if (hasFailed || ice === 'disconnected') this.#setMedia('lost');
    else if (ice === 'connected' || ice === 'completed') this.#setMedia('connected');
  }

  /** Credentials that have lapsed get no relay. What has no configuration to be read is left alone: it may have a policy. */
  #renewServers(): void {
    const iceServers = this.#call?.iceServers;
    if (iceServers === this.#iceServers) return;
    this.#iceServers = iceServers;
    try {
      const configuration = this.#pc.getConfiguration?.();
      if (configuration !== undefined) this.#pc.setConfiguration?.({ ...configuration, iceServers });
    } catch (error) {
      this.#onError(error);
    }
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
    for (const undo of this.#undo.splice(0)) undo(end);
    if (this.#options.closePeerConnection ?? true) this.#pc.close();
    this.#emitter.emit('ended', end);
  }
}
