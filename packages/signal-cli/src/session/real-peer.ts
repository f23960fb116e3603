import type { IceCandidate, SessionDescription } from 'signal-core/protocol';
import { v4 as uuidv4 } from 'uuid';
import { Failure } from '../failure.js';
import { deferred } from './deferred.js';
import type { DataChannel, PeerConnection } from './load-wrtc.js';
import type { MediaPeer, RtcReport } from './media-peer.js';
import { candidateSummary } from './summarize.js';

export interface RealPeerOptions {
  /** From {@link loadWrtc}. */
  PeerConnection: new () => PeerConnection;
  /** Signs the message. */
  username: string;
  /** Sees ICE connect, the channel open, and the messages. */
  onMilestone: (event: string, summary: string) => void;
}

/**
 * A real WebRTC end: opens a data channel to the other party and exchanges one message each way,
 * the caller first; the callee's reply must quote the caller's.
 */
export class RealPeer implements MediaPeer {
  readonly #connection: PeerConnection;
  readonly #options: RealPeerOptions;
  readonly #proven = deferred<void>();
  readonly #report: RtcReport = {
    kind: 'rtc',
    iceConnectedMs: null,
    channelOpenMs: null,
    messageSent: null,
    messageReceived: null,
    localCandidates: {},
    remoteCandidates: {},
  };
  #found: (IceCandidate | null)[] = [];
  #onCandidate: (candidate: IceCandidate | null) => void = (candidate) => this.#found.push(candidate);
  /** Remote candidates that came before the remote description; null once that is set. */
  #early: IceCandidate[] | null = [];
  /** When both descriptions were known. */
  #negotiatedAt: number | undefined;

  constructor(options: RealPeerOptions) {
    this.#options = options;
    this.#connection = new options.PeerConnection();
    this.#connection.onicecandidate = ({ candidate }) => this.#gathered(candidate?.toJSON() ?? null);
    this.#connection.oniceconnectionstatechange = () => this.#onIceState();
  }

  get proven(): Promise<void> {
    return this.#proven.promise;
  }

  async offer(): Promise<SessionDescription<'offer'>> {
    const channel = this.#connection.createDataChannel('signal-cli');
    const greeting = `hello from ${this.#options.username} (${uuidv4()})`;
    channel.onopen = () => {
      this.#opened();
      this.#say(channel, greeting);
    };
    channel.onmessage = ({ data }) => {
      this.#heard(data);
      if (String(data).endsWith(quote(greeting))) this.#proven.resolve();
      else this.#proven.reject(new Failure('failed', 'the reply on the data channel quotes another message'));
    };
    const offer = await this.#connection.createOffer();
    await this.#connection.setLocalDescription(offer);
    // As created, without the candidates found meanwhile: they go through the server one by one.
    return { type: 'offer', sdp: offer.sdp };
  }

  async answer(offer: SessionDescription<'offer'>): Promise<SessionDescription<'answer'>> {
    this.#connection.ondatachannel = ({ channel }) => {
      this.#opened();
      channel.onmessage = ({ data }) => {
        this.#heard(data);
        this.#say(channel, `hello from ${this.#options.username}, ${quote(data)}`);
        this.#proven.resolve();
      };
    };
    await this.#setRemote(offer);
    const answer = await this.#connection.createAnswer();
    this.#negotiatedAt = performance.now();
    await this.#connection.setLocalDescription(answer);
    return { type: 'answer', sdp: answer.sdp };
  }

  async acceptAnswer(answer: SessionDescription<'answer'>): Promise<void> {
    this.#negotiatedAt = performance.now();
    await this.#setRemote(answer);
  }

  onCandidate(listener: (candidate: IceCandidate | null) => void): void {
    this.#onCandidate = listener;
    for (const candidate of this.#found.splice(0)) listener(candidate);
  }

  addCandidate(candidate: IceCandidate | null): void {
    // This implementation has no end-of-candidates to add.
    if (!candidate?.candidate) return;
    count(this.#report.remoteCandidates, candidate);
    if (this.#early) this.#early.push(candidate);
    else this.#add(candidate);
  }

  report(): RtcReport {
    return this.#report;
  }

  close(): void {
    this.#connection.close();
  }

  async #setRemote(description: SessionDescription<'offer' | 'answer'>): Promise<void> {
    await this.#connection.setRemoteDescription(description);
    const early = this.#early ?? [];
    this.#early = null;
    for (const candidate of early) this.#add(candidate);
  }

  #add(candidate: IceCandidate): void {
    // It wants a number where browsers take null and go by sdpMid.
    const complete = { ...candidate, sdpMLineIndex: candidate.sdpMLineIndex ?? 0 };
    this.#connection.addIceCandidate(complete).catch((error: unknown) => {
      const message = `a remote candidate was refused: ${error instanceof Error ? error.message : error}`;
      this.#proven.reject(new Failure('failed', message));
    });
  }

  #gathered(candidate: IceCandidate | null): void {
    // A null also comes early, with candidates still to follow: the last one counts.
    if (candidate === null && this.#connection.iceGatheringState !== 'complete') return;
    if (candidate) count(this.#report.localCandidates, candidate);
    this.#onCandidate(candidate);
  }

  #onIceState(): void {
    const state = this.#connection.iceConnectionState;
    if (state === 'failed') this.#proven.reject(new Failure('failed', 'ICE found no path between the two'));
    if ((state !== 'connected' && state !== 'completed') || this.#report.iceConnectedMs !== null) return;
    this.#report.iceConnectedMs = this.#sinceNegotiated();
    this.#options.onMilestone('ice_connected', '');
  }

  #opened(): void {
    this.#report.channelOpenMs = this.#sinceNegotiated();
    this.#options.onMilestone('channel_open', '');
  }

  #say(channel: DataChannel, message: string): void {
    this.#options.onMilestone('message_sent', message);
    channel.send(message);
    this.#report.messageSent = message;
  }

  #heard(data: unknown): void {
    this.#report.messageReceived = String(data);
    this.#options.onMilestone('message_received', String(data));
  }

  #sinceNegotiated(): number {
    return performance.now() - (this.#negotiatedAt ?? performance.now());
  }
}

function quote(message: unknown): string {
  return `who heard: ${String(message)}`;
}

function count(types: Record<string, number>, candidate: IceCandidate): void {
  const [type = 'unknown'] = candidateSummary(candidate).split(' ');
  types[type] = (types[type] ?? 0) + 1;
}
