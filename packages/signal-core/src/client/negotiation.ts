import type { SessionDescription } from '../protocol/server-events.js';
import type { IceCandidate, Renegotiation } from '../protocol/signal.js';
import { completeCandidate } from './complete-candidate.js';
import type { NegotiationOutput } from './negotiation-output.js';
import { CALLER_FIRST_MS, offerRetryMs } from './offer-retry.js';
import type { PeerConnection } from './peer-connection.js';
import { originOf, restartsIce } from './read-sdp.js';

const AWAITING_ANSWER = ['have-local-offer', 'have-remote-pranswer'];

/**
 * Perfect negotiation over one peer connection (W3C WebRTC, section 10.7): either end may renegotiate at any time, and
 * of two offers that cross the polite end takes back its own. Steps run one after the other, so that a crossing shows
 * in the signaling state alone; rollback is explicit, since not every implementation rolls back by itself.
 *
 * @see SPEC.md, rules CLIENT-13, CLIENT-20, CLIENT-24 and TALK-1
 */
export class Negotiation {
  readonly #pc: PeerConnection;
  readonly #output: NegotiationOutput;
  /** The callee is polite, always. */
  #isPolite = false;
  /** Whether descriptions may be sent: the call is active. */
  #isOpen = false;
  #isClosed = false;
  /** Whether something was changed that the other end has not been offered. */
  #isNeeded = false;
  /** An own offer that the server has not taken yet. */
  #untaken: Renegotiation | undefined;
  /** Offers refused in a row, and the wait for the next. */
  #refusals = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  /** The last offer from the other end, as long as it stands. */
  #answered: { origin: string | undefined; answer: Renegotiation } | undefined;
  /** Candidates of an offer that was ignored do not fit, which is no error. */
  #ignores = false;
  #early: (IceCandidate | null)[] = [];
  #last: Promise<unknown> = Promise.resolve();
  readonly #unlisten: () => void;

  constructor(pc: PeerConnection, output: NegotiationOutput) {
    this.#pc = pc;
    this.#output = output;
    const onNeeded = () => this.#onNeeded();
    const onCandidate = (event: object) => this.#onLocalCandidate(event);
    pc.addEventListener('negotiationneeded', onNeeded);
    pc.addEventListener('icecandidate', onCandidate);
    this.#unlisten = () => {
      pc.removeEventListener('negotiationneeded', onNeeded);
      pc.removeEventListener('icecandidate', onCandidate);
    };
  }

  /** The offer to place a call with. */
  offer(): Promise<SessionDescription<'offer'>> {
    return this.#step(async () => ({ type: 'offer', sdp: await this.#describe('offer') }));
  }

  /** The answer to accept a call with; an offer of its own is taken back. */
  answer(offer: SessionDescription<'offer'>): Promise<SessionDescription<'answer'>> {
    this.#isPolite = true;
    return this.#step(async () => {
      await this.#takeBackOffer();
      return this.#answerTo(offer);
    });
  }

  /** Takes back an offer that nobody will answer. */
  withdraw(): Promise<void> {
    return this.#step(() => this.#takeBackOffer());
  }

  /** The call is active: from now on either end may renegotiate. */
  open(): void {
    this.#isOpen = !this.#isClosed;
    if (this.#isNeeded) this.#renegotiate();
  }

  /** A description from the other end. */
  receive(description: Renegotiation): void {
    this.#attempt(async () => {
      if (description.type === 'offer') await this.#onOffer(description);
      else if (description.type === 'rollback') this.#offerAgain();
      // in any other state it answers an offer that was taken back
      else if (AWAITING_ANSWER.includes(this.#pc.signalingState)) await this.#setRemote(description);
    });
  }

  addCandidates(candidates: (IceCandidate | null)[]): void {
    this.#attempt(async () => {
      if (this.#pc.remoteDescription === null) this.#early.push(...candidates);
      else for (const candidate of candidates) await this.#addCandidate(candidate);
    });
  }

  /** What either end was sent may be lost: both make an open offer again, or else ICE begins anew. */
  recover(): void {
    this.#attempt(async () => {
      this.#say({ type: 'rollback' });
      // one that was not taken is on its way, or will be
      if (this.#pc.signalingState !== 'have-local-offer') this.restartIce();
      else if (this.#untaken === undefined) this.#offerAgain();
    });
  }

  /** The callee lets the caller go first: Chromium may show no picture any more to a callee that took back an offer. */
  restartIce(): void {
    clearTimeout(this.#restart);
    if (!this.#isPolite) this.#beginIceAnew();
    else if (!this.#isClosed) this.#restart = setTimeout(() => this.#beginIceAnew(), CALLER_FIRST_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#isOpen = false;
    clearTimeout(this.#retry);
    clearTimeout(this.#restart);
    this.#unlisten();
  }

  #beginIceAnew(): void {
    this.#output.iceRestarts();
    this.#pc.restartIce();
  }

  #onNeeded(): void {
    // in any other state it comes again
    if (this.#pc.signalingState !== 'stable') return;
    this.#isNeeded = true;
    if (this.#isOpen) this.#renegotiate();
  }

  #renegotiate(): void {
    this.#attempt(async () => {
      if (!this.#isOpen || !this.#isNeeded || this.#pc.signalingState !== 'stable') return;
      if (this.#retry === undefined) this.#offer(await this.#describe('offer'));
    });
  }

  #offerAgain(): void {
    const { signalingState, localDescription } = this.#pc;
    if (this.#isOpen && signalingState === 'have-local-offer' && localDescription !== null) {
      this.#offer(localDescription.sdp);
    }
  }

  #offer(sdp: string): void {
    const offer: Renegotiation = { type: 'offer', sdp };
    this.#untaken = offer;
    const onAnswer = (error?: unknown) => {
      if (this.#untaken !== offer) return;
      this.#untaken = undefined;
      if (error === undefined) this.#refusals = 0;
      else if (this.#isOpen) this.#onRefused(Number(Object(error).retryAfterMs) || 0);
    };
    this.#say(offer, onAnswer);
  }

  /** Nobody will answer the offer; a later one may fit, or be allowed. */
  #onRefused(retryAfterMs: number): void {
    const delayMs = offerRetryMs(this.#refusals++, retryAfterMs);
    this.#isNeeded = true;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#renegotiate();
    }, delayMs);
    this.#attempt(() => this.#takeBackOffer());
  }

  #say(description: Renegotiation, onAnswer: (error?: unknown) => void = () => {}): void {
    this.#output.description(description).then(
      () => onAnswer(),
      (error: unknown) => {
        this.#output.error(error);
        onAnswer(error);
      },
    );
  }

  async #onOffer(offer: Renegotiation): Promise<void> {
    const origin = originOf(offer);
    if (origin !== undefined && this.#answered?.origin === origin) {
      // it was said twice over a loss; to answer anew would take back an offer that is under way
      this.#say(this.#answered.answer);
      return;
    }
    this.#ignores = !this.#isPolite && this.#pc.signalingState === 'have-local-offer';
    if (this.#ignores) return;
    await this.#takeBackOffer();
    if (restartsIce(offer, this.#pc.remoteDescription)) {
      clearTimeout(this.#restart);
      this.#output.iceRestarts();
    }
    this.#say(await this.#answerTo(offer));
  }

  async #answerTo(offer: Renegotiation): Promise<SessionDescription<'answer'>> {
    await this.#setRemote(offer);
    const answer = { type: 'answer', sdp: await this.#describe('answer') } as const;
    this.#answered = { origin: originOf(offer), answer };
    return answer;
  }

  async #takeBackOffer(): Promise<void> {
    if (this.#pc.signalingState === 'have-local-offer') await this.#pc.setLocalDescription({ type: 'rollback' });
  }

  async #describe(type: 'offer' | 'answer'): Promise<string> {
    const description = await (type === 'offer' ? this.#pc.createOffer() : this.#pc.createAnswer());
    if (type === 'offer') this.#isNeeded = false;
    await this.#pc.setLocalDescription(description);
    // as created: the candidates found meanwhile travel by themselves
    return description.sdp ?? '';
  }

  async #setRemote(description: Renegotiation): Promise<void> {
    await this.#pc.setRemoteDescription(description);
    this.#answered = undefined;
    for (const candidate of this.#early.splice(0)) await this.#addCandidate(candidate);
  }

  async #addCandidate(candidate: IceCandidate | null): Promise<void> {
    try {
      await this.#pc.addIceCandidate(candidate && completeCandidate(candidate));
    } catch (error) {
      // not everybody knows the end of candidates
      if (!this.#ignores && candidate !== null) this.#output.error(error);
    }
  }

  #onLocalCandidate(event: object): void {
    // an RTCPeerConnectionIceEvent
    const { candidate } = event as { candidate: { toJSON?(): IceCandidate } | null };
    // a null also comes early in some implementations, with candidates still to follow
    if (candidate === null && this.#pc.iceGatheringState !== 'complete') return;
    this.#output.candidate(candidate === null ? null : (candidate.toJSON?.() ?? (candidate as IceCandidate)));
  }

  #attempt(step: () => Promise<void>): void {
    this.#step(step).catch((error: unknown) => this.#output.error(error));
  }

  #step<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step);
    this.#last = result.catch(() => {});
    return result;
  }
}
