import type { SessionDescription } from '../protocol/server-events.js';
import type { IceCandidate, Renegotiation } from '../protocol/signal.js';
import type { PeerConnection } from './peer-connection.js';

/** Where a {@link Negotiation} says what the other end must know. */
export interface NegotiationOutput {
  description(description: Renegotiation): void;
  candidate(candidate: IceCandidate | null): void;
  /** Something from the other end did not fit. */
  error(error: unknown): void;
}

/**
 * Perfect negotiation over one peer connection (W3C WebRTC, section 10.7): either end may renegotiate at any time, and
 * of two offers that cross the polite end takes back its own. Steps run one after the other, so that a crossing shows
 * in the signaling state alone; rollback is explicit, since not every implementation rolls back by itself.
 *
 * @see SPEC.md, rules CLIENT-13 and TALK-1
 */
export class Negotiation {
  readonly #pc: PeerConnection;
  readonly #output: NegotiationOutput;
  /** The callee is polite, always. */
  #isPolite = false;
  /** Whether descriptions may be sent: the call is active. */
  #isOpen = false;
  /** Whether something was changed that the other end has not been offered. */
  #isNeeded = false;
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
      return { type: 'answer', sdp: await this.#answerTo(offer) };
    });
  }

  /** The call is active: from now on either end may renegotiate. */
  open(): void {
    this.#isOpen = true;
    if (this.#isNeeded) this.#renegotiate();
  }

  /** A description from the other end. */
  receive(description: Renegotiation): void {
    this.#attempt(async () => {
      if (description.type === 'offer') await this.#onOffer(description);
      else if (this.#pc.signalingState === 'have-local-offer') {
        // in any other state it answers an offer that was taken back
        if (description.type !== 'rollback') await this.#setRemote(description);
      }
    });
  }

  addCandidates(candidates: (IceCandidate | null)[]): void {
    this.#attempt(async () => {
      if (this.#pc.remoteDescription === null) this.#early.push(...candidates);
      else for (const candidate of candidates) await this.#addCandidate(candidate);
    });
  }

  /** What the other end was sent may be lost: an open offer is sent again, or else ICE begins anew. */
  recover(): void {
    this.#attempt(async () => {
      const { signalingState, localDescription } = this.#pc;
      if (signalingState === 'have-local-offer' && localDescription !== null) {
        this.#output.description({ type: 'offer', sdp: localDescription.sdp });
      } else this.#pc.restartIce();
    });
  }

  close(): void {
    this.#isOpen = false;
    this.#unlisten();
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
      this.#output.description({ type: 'offer', sdp: await this.#describe('offer') });
    });
  }

  async #onOffer(offer: Renegotiation): Promise<void> {
    this.#ignores = !this.#isPolite && this.#pc.signalingState === 'have-local-offer';
    if (this.#ignores) return;
    await this.#takeBackOffer();
    this.#output.description({ type: 'answer', sdp: await this.#answerTo(offer) });
  }

  async #answerTo(offer: Renegotiation): Promise<string> {
    await this.#setRemote(offer);
    return this.#describe('answer');
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
    for (const candidate of this.#early.splice(0)) await this.#addCandidate(candidate);
  }

  async #addCandidate(candidate: IceCandidate | null): Promise<void> {
    try {
      await this.#pc.addIceCandidate(candidate && complete(candidate));
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

function complete({ candidate, sdpMid = null, sdpMLineIndex, usernameFragment = null }: IceCandidate) {
  // some implementations want a number where browsers take null and go by sdpMid
  return { candidate, sdpMid, sdpMLineIndex: sdpMLineIndex ?? 0, usernameFragment };
}
