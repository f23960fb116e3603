import { type SignalingCall, type SignalingClient, SignalingError } from 'signal-core/client';
import type { IceCandidate, SessionDescription } from 'signal-core/protocol';
import { Failure } from '../failure.js';
import { deferred } from './deferred.js';
import type { Dial, MediaPeer, ScriptedReport } from './media-peer.js';
import { type CandidateSource, candidateAt, lastCandidate } from './recordings/candidates.js';
import { claimsToBe, recordingOf, recordingOfOffer } from './recordings/library.js';
import type { RecordedSide } from './recordings/recording.js';

export interface ScriptedOptions {
  callType: 'video' | 'audio';
  /** Send this offer in place of the recorded one; the answer to it is then not checked. */
  offerSdp?: string | undefined;
  /** How many candidates to send, at least 1; when absent all recorded ones and one more that tells their number. */
  candidates?: number | undefined;
}

/**
 * Says what two browsers once said to each other, and checks that what comes is what the other browser
 * had said: every byte of the description, and every candidate in its order.
 */
export class ScriptedPeer implements MediaPeer {
  readonly #options: ScriptedOptions;
  readonly #proven = deferred<void>();
  /** What this end sends candidates of, once its description is chosen. */
  #own: CandidateSource | undefined;
  /** What the other end should send; undefined while unknown, null when it is no recording. */
  #expected: RecordedSide | null | undefined;
  /** Candidates that came before the description they are checked against. */
  #waiting: (IceCandidate | null)[] = [];
  #sent = 0;
  #received = 0;
  /** Whether the candidate that tells their number has come last. */
  #complete = false;
  #verified: boolean | null = null;

  constructor(options: ScriptedOptions) {
    this.#options = options;
  }

  get proven(): Promise<void> {
    return this.#proven.promise;
  }

  async call({ client, to, callType }: Dial): Promise<SignalingCall> {
    try {
      const call = await client.call(to, { offer: this.offer(), callType });
      call.on('accepted', (answer) => this.takeAnswer(answer));
      this.#exchange(call);
      return call;
    } catch (error) {
      const first = firstOfGlare(error, client);
      if (first === undefined) throw error;
      await this.answer(first);
      return first;
    }
  }

  async answer(call: SignalingCall): Promise<void> {
    const accepted = call.accept(this.answerTo(call.offer));
    this.#exchange(call);
    await accepted;
  }

  offer(): SessionDescription<'offer'> {
    const { callType, offerSdp } = this.#options;
    const recording = recordingOf(callType);
    this.#own = offerSdp === undefined ? recording.offer : { sdp: offerSdp, candidates: [] };
    return { type: 'offer', sdp: this.#own.sdp };
  }

  answerTo(offer: SessionDescription<'offer'>): SessionDescription<'answer'> {
    const claimed = recordingOfOffer(offer.sdp);
    const recording = claimed ?? recordingOf(this.#options.callType);
    this.#own = recording.answer;
    this.#expect(claimed?.offer ?? null, offer.sdp);
    return { type: 'answer', sdp: recording.answer.sdp };
  }

  takeAnswer(answer: SessionDescription<'answer'>): void {
    const recorded = this.#options.offerSdp === undefined ? recordingOf(this.#options.callType).answer : null;
    // A person's browser may answer a recorded offer too: then there is nothing to compare with.
    const scripted = recorded !== null && claimsToBe(answer.sdp, recorded);
    this.#expect(scripted ? recorded : null, answer.sdp);
  }

  /** What follows the description; `null` ends them. */
  candidates(): (IceCandidate | null)[] {
    const own = this.#own;
    if (!own) throw new Error('candidates before a description');
    const total = this.#options.candidates ?? own.candidates.length + 1;
    return [...Array.from({ length: total }, (_, index) => candidateAt(own, index, total)), null];
  }

  /** Takes a remote candidate at any time, also before the description that it belongs to. */
  addCandidate(candidate: IceCandidate | null): void {
    if (this.#expected === undefined) this.#waiting.push(candidate);
    else this.#check(candidate);
  }

  report(): ScriptedReport {
    return {
      kind: 'scripted',
      verified: this.#verified,
      candidatesSent: this.#sent,
      candidatesReceived: this.#received,
    };
  }

  close(): void {}

  #exchange(call: SignalingCall): void {
    call.on('candidates', (candidates) => {
      for (const candidate of candidates) this.addCandidate(candidate);
    });
    const own = this.candidates();
    this.#sent = own.length - 1;
    for (const candidate of own) call.sendCandidate(candidate);
  }

  #expect(side: RecordedSide | null, sdp: string): void {
    this.#expected = side;
    if (!side) this.#proven.resolve();
    else if (side.sdp !== sdp) this.#fail(`the description is not the recorded one ${firstDifference(side.sdp, sdp)}`);
    for (const candidate of this.#waiting.splice(0)) this.#check(candidate);
  }

  #check(candidate: IceCandidate | null): void {
    if (candidate !== null) this.#received += 1;
    if (!this.#expected || this.#verified === false) return;
    if (candidate === null) this.#checkEnd();
    else this.#checkCandidate(this.#expected, candidate);
  }

  #checkCandidate(side: RecordedSide, candidate: IceCandidate): void {
    const total = this.#received;
    this.#complete = sameCandidate(lastCandidate(side, total), candidate);
    if (!this.#complete && !sameCandidate(candidateAt(side, total - 1, Number.POSITIVE_INFINITY), candidate)) {
      this.#fail(`candidate ${total} is not the recorded one, or out of order`);
    }
  }

  #checkEnd(): void {
    if (!this.#complete) this.#fail(`candidates are missing after the first ${this.#received}`);
    else {
      this.#verified = true;
      this.#proven.resolve();
    }
  }

  #fail(what: string): void {
    this.#verified = false;
    this.#proven.reject(new Failure('failed', what));
  }
}

/** The call that came first where two call each other at once. */
function firstOfGlare(error: unknown, client: SignalingClient): SignalingCall | undefined {
  const isGlare = error instanceof SignalingError && error.code === 'glare';
  return isGlare ? client.calls.get(error.callId ?? '') : undefined;
}

function sameCandidate(a: IceCandidate, b: IceCandidate): boolean {
  return (
    a.candidate === b.candidate &&
    (a.sdpMid ?? null) === (b.sdpMid ?? null) &&
    (a.sdpMLineIndex ?? null) === (b.sdpMLineIndex ?? null) &&
    (a.usernameFragment ?? null) === (b.usernameFragment ?? null)
  );
}

function firstDifference(expected: string, got: string): string {
  let index = 0;
  while (index < expected.length && expected[index] === got[index]) index += 1;
  return `at byte ${index} of ${expected.length}`;
}
