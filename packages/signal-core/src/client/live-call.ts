import type { Json } from '../domain/json.js';
import { type Ack, type ErrorBody, SignalingError } from '../protocol/errors.js';
import { LIMITS } from '../protocol/limits.js';
import type { SessionDescription, UserRef } from '../protocol/server-events.js';
import type { IceCandidate } from '../protocol/signal.js';
import { CallSender } from './call-sender.js';
import type { StreamPoint } from './call-stream.js';
import { callUser } from './call-user.js';
import { Emitter, type ReportError } from './emitter.js';
import { endError } from './end-error.js';
import type { IceServerList } from './ice-configuration.js';
import { signalingError } from './link.js';
import { checkJson, type DescriptionLike, renegotiation, sessionDescription } from './payload-check.js';
import type { CallEnd, CallEvents, CallFacts, CallState, SignalingCall } from './signaling-call.js';

/** What a call needs of its client. */
export interface CallHost {
  readonly self: UserRef;
  /** Whether the server knows the legacy protocol only. */
  readonly isLegacy: boolean;
  readonly iceServers: IceServerList;
  readonly report: ReportError;
  /** The call is over. */
  onOver(call: LiveCall): void;
  /** The call is over, and the server knows. */
  onSettled(call: LiveCall): void;
}

/** A call from when it is placed or rings, until the server knows of its end. */
export class LiveCall implements SignalingCall {
  /** Legacy servers choose it themselves, so that it may change once. */
  id: string;
  readonly role: 'caller' | 'callee';
  readonly peer: UserRef;
  readonly callType: 'video' | 'audio';
  readonly offer: SessionDescription<'offer'>;
  readonly metadata: Json | undefined;
  /** How far the events of the server have come. */
  stream: StreamPoint = { lastSeq: 0 };
  readonly sender: CallSender;
  readonly #host: CallHost;
  readonly #emitter: Emitter<CallEvents>;
  #state: CallState = 'ringing';
  #isPeerReconnecting = false;
  #activeSince = 0;
  /** A server had the call, and lost it. */
  #wasLost = false;
  #answer: SessionDescription<'answer'> | undefined;
  /** Tells who placed the call that it rings, or was refused. */
  #placing: ((refusal?: SignalingError) => void) | undefined;

  constructor(facts: CallFacts, host: CallHost) {
    this.id = facts.id;
    this.role = facts.role;
    this.peer = { id: facts.peer.id, username: facts.peer.username };
    this.callType = facts.callType;
    this.offer = facts.offer;
    this.metadata = facts.metadata;
    this.#host = host;
    this.#emitter = new Emitter(host.report, { keep: true });
    this.sender = new CallSender({
      peer: this.peer,
      callId: () => this.id,
      isLegacy: () => host.isLegacy,
      onEmpty: () => this.#settle(),
      onRefused: (error) => void (this.#state === 'ended' || this.emit('error', error)),
    });
  }

  get state(): CallState {
    return this.#state;
  }

  get iceServers(): IceServerList {
    return this.#host.iceServers;
  }

  get isPeerReconnecting(): boolean {
    return this.#isPeerReconnecting;
  }

  /** Whether the server has not said yet what it thinks of `call_user`. */
  get isPlacing(): boolean {
    return this.#placing !== undefined;
  }

  on<E extends keyof CallEvents>(event: E, listener: (...args: CallEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  emit<E extends keyof CallEvents>(event: E, ...args: CallEvents[E]): void {
    if (event === 'peerReconnecting') this.#isPeerReconnecting = true;
    else if (event === 'peerReconnected' || event === 'unrecovered') this.#isPeerReconnecting = false;
    this.#emitter.emit(event, ...args);
  }

  /** Rings the callee. @throws SignalingError as the server refuses it */
  place(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#placing = (refusal) => {
        this.#placing = undefined;
        if (refusal === undefined) resolve();
        else reject(refusal);
      };
      this.sender.command('call_user', callUser(this, this.#host.self, this.#host.isLegacy), (answer) =>
        this.#onPlaced(answer),
      );
    });
  }

  /**
   * Rings the callee again, under the same id and before anything else: the server has lost the call.
   *
   * @param onRefused - what becomes of it then, if it was known to ring
   */
  placeAgain(onRefused: (error: ErrorBody) => void): void {
    this.#wasLost = true;
    if (this.isPlacing) return;
    this.sender.outbox.addFirst('call_user', callUser(this, this.#host.self, this.#host.isLegacy), (answer) => {
      if (!answer.ok) onRefused(answer.error);
    });
  }

  /** The server says that it rings. */
  placed(): void {
    this.#placing?.();
  }

  activate(): void {
    if (this.#state !== 'ringing') return;
    this.#state = 'active';
    this.#activeSince = Date.now();
  }

  /** The callee has accepted. */
  accepted(answer: SessionDescription<'answer'>): void {
    this.placed();
    this.activate();
    this.emit('accepted', answer);
    // the candidates that a lost server had taken are gone
    if (this.#wasLost) this.emit('unrecovered');
  }

  async accept(description: DescriptionLike): Promise<void> {
    const answer = sessionDescription(description, 'answer');
    return new Promise((resolve, reject) => {
      if (this.role !== 'callee' || this.#state !== 'ringing') {
        reject(new SignalingError('invalid_state', 'only a call that rings here can be accepted', this.id));
        return;
      }
      this.#answer = answer;
      this.sender.command('accept_call', { callId: this.id, answer }, (ack) => {
        if (ack.ok) {
          this.activate();
          resolve();
          return;
        }
        const { error } = ack;
        if (error.code === 'call_not_found' || error.code === 'invalid_state') this.finish({ reason: error.code });
        reject(signalingError(error));
      });
    });
  }

  /** Answers again, before anything else, as it did before: the server has lost the call, and rings it anew. */
  acceptAgain(): void {
    if (this.#answer === undefined) return;
    this.sender.outbox.addFirst('accept_call', { callId: this.id, answer: this.#answer }, (ack) => {
      if (ack.ok) this.emit('unrecovered');
    });
  }

  reject(reason: 'declined' | 'busy' = 'declined'): Promise<void> {
    return this.#endHere(reason, (done) => this.sender.command('reject_call', { callId: this.id, reason }, done));
  }

  end(): Promise<void> {
    const ringing = this.role === 'caller' ? 'cancelled' : 'declined';
    return this.#endHere(this.#state === 'active' ? 'hangup' : ringing, (done) => this.#sendEnd(done));
  }

  sendCandidate(candidate: IceCandidate | null): void {
    if (this.#state === 'ended') return;
    if (candidate === null || candidate.candidate.length <= LIMITS.candidateLength) this.sender.candidate(candidate);
    else this.emit('error', new SignalingError('payload_too_large', 'the candidate is too long', this.id));
  }

  sendDescription(description: DescriptionLike): Promise<void> {
    return this.#signal(async () => {
      await this.sender.signal('session_description', { description: renegotiation(description) });
    });
  }

  sendInfo(data: Json): Promise<void> {
    return this.#signal(async () => {
      checkJson('call_info', data, LIMITS.callInfoLength);
      await this.sender.signal('call_info', { data });
    });
  }

  /** The call is over; what it still had to say is not said. @param farewell - says the last thing */
  finish(end: CallEnd, farewell?: () => void): void {
    if (this.#state === 'ended') return;
    const lasted = this.#state === 'active' ? { durationMs: Date.now() - this.#activeSince } : {};
    this.#state = 'ended';
    this.#placing?.(endError(end.reason, this.id));
    this.sender.silence();
    farewell?.();
    this.#host.onOver(this);
    this.emit('ended', { ...lasted, ...end });
    this.#settle();
  }

  #onPlaced(answer: Ack): void {
    if (answer.ok) {
      // one that knows the legacy protocol only says it in an event
      if (!this.#host.isLegacy) this.#placing?.();
      return;
    }
    this.#placing?.(signalingError(answer.error));
    // no answer in time: it may ring all the same
    const farewell = answer.error.code === 'unavailable' ? () => this.#sendEnd(() => {}) : undefined;
    this.finish({ reason: answer.error.code }, farewell);
  }

  #sendEnd(done: () => void): void {
    this.sender.command('end_call', { callId: this.id }, done);
  }

  #endHere(reason: CallEnd['reason'], tell: (done: () => void) => void): Promise<void> {
    // one that never left this device is nobody's business
    const isKnown = this.role === 'callee' || this.sender.outbox.wasUsed;
    return new Promise((resolve) => {
      if (this.#state === 'ended') resolve();
      this.finish({ reason, by: this.#host.self.id }, isKnown ? () => tell(resolve) : resolve);
    });
  }

  #signal(send: () => Promise<void>): Promise<void> {
    const over = new SignalingError('invalid_state', 'the call is not active', this.id);
    const sent = this.#state === 'active' ? send() : Promise.reject(over);
    // what nobody waits for must not end the process
    sent.catch(() => {});
    return sent;
  }

  #settle(): void {
    if (this.#state === 'ended' && this.sender.outbox.isEmpty) this.#host.onSettled(this);
  }
}
