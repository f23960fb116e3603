import { PeerCall, type SignalingCall, type SignalingClient } from 'signal-core/client';
import { v4 as uuidv4 } from 'uuid';
import { Failure } from '../failure.js';
import { deferred } from './deferred.js';
import type { DataChannel, RtcConnection, RtcConnectionClass } from './load-wrtc.js';
import type { Dial, MediaPeer, RtcReport } from './media-peer.js';

export interface RealPeerOptions {
  /** From {@link loadWrtc}. */
  PeerConnection: RtcConnectionClass;
  /** STUN and TURN servers, as the signaling server gave them. */
  configuration: SignalingClient['rtcConfiguration'];
  /** Signs the message. */
  username: string;
  /** Sees ICE connect, the channel open and close, and the messages. */
  onMilestone: (event: string, summary?: string) => void;
}

type Progress = Omit<RtcReport, 'kind' | 'localCandidates' | 'remoteCandidates'>;

/**
 * A real WebRTC end: opens a data channel to the other party and exchanges one message each way,
 * the caller first; the callee's reply must quote the caller's.
 */
export class RealPeer implements MediaPeer {
  readonly #connection: RtcConnection;
  readonly #options: RealPeerOptions;
  readonly #proven = deferred<void>();
  readonly #progress: Progress = {
    iceConnectedMs: null,
    channelOpenMs: null,
    messageSent: null,
    messageReceived: null,
  };
  /** When both descriptions were known. */
  #negotiatedAt: number | undefined;

  constructor(options: RealPeerOptions) {
    this.#options = options;
    this.#connection = new options.PeerConnection(options.configuration);
    this.#connection.onsignalingstatechange = () => {
      if (this.#connection.signalingState === 'stable') this.#negotiated();
    };
    this.#connection.ondatachannel = ({ channel }) => {
      this.#watch(channel, (greeting) => {
        this.#say(channel, `hello from ${options.username}, ${quote(greeting)}`);
        this.#proven.resolve();
      });
      this.#opened();
    };
  }

  get proven(): Promise<void> {
    return this.#proven.promise;
  }

  async call({ client, to, callType }: Dial): Promise<SignalingCall> {
    const channel = this.#connection.createDataChannel('signal-cli');
    const greeting = `hello from ${this.#options.username} (${uuidv4()})`;
    this.#watch(channel, (reply) => {
      if (reply.endsWith(quote(greeting))) this.#proven.resolve();
      else this.#proven.reject(new Failure('failed', 'the reply on the data channel quotes another message'));
    });
    channel.onopen = () => {
      this.#opened();
      this.#say(channel, greeting);
    };
    const call = await this.#start({ client, to }, callType);
    call.on('accepted', () => this.#negotiated());
    return call;
  }

  async answer(call: SignalingCall): Promise<void> {
    await this.#start(call, call.callType);
  }

  report(): RtcReport {
    return {
      kind: 'rtc',
      ...this.#progress,
      localCandidates: typesIn(this.#connection.localDescription),
      remoteCandidates: typesIn(this.#connection.remoteDescription),
    };
  }

  close(): void {
    this.#connection.close();
  }

  async #start(target: SignalingCall | Omit<Dial, 'callType'>, callType: Dial['callType']): Promise<SignalingCall> {
    // it is closed here, after the report
    const peerCall = new PeerCall(target, this.#connection, { callType, closePeerConnection: false });
    peerCall.on('connected', () => {
      this.#progress.iceConnectedMs ??= this.#sinceNegotiated();
      this.#options.onMilestone('ice_connected');
    });
    peerCall.on('error', (error) => {
      const message = error instanceof Error ? error.message : String(error);
      this.#proven.reject(new Failure('failed', `what the peer sent was refused: ${message}`));
    });
    await peerCall.start();
    if (peerCall.call === undefined) throw new Failure('failed', 'the call is over');
    return peerCall.call;
  }

  #watch(channel: DataChannel, onText: (text: string) => void): void {
    channel.onmessage = ({ data }) => {
      const text = String(data);
      this.#progress.messageReceived = text;
      this.#options.onMilestone('message_received', text);
      onText(text);
    };
    channel.onclose = () => this.#options.onMilestone('channel_closed');
  }

  #opened(): void {
    this.#progress.channelOpenMs = this.#sinceNegotiated();
    this.#options.onMilestone('channel_open');
  }

  #say(channel: DataChannel, message: string): void {
    this.#options.onMilestone('message_sent', message);
    channel.send(message);
    this.#progress.messageSent = message;
  }

  #negotiated(): void {
    this.#negotiatedAt ??= performance.now();
  }

  #sinceNegotiated(): number {
    return performance.now() - (this.#negotiatedAt ?? performance.now());
  }
}

function quote(message: string): string {
  return `who heard: ${message}`;
}

/** A description holds the candidates that were found, or came, since it was set (RFC 8829, section 3.5.3). */
function typesIn(description: { readonly sdp: string } | null): Record<string, number> {
  const types: Record<string, number> = {};
  for (const [, type = ''] of description?.sdp.matchAll(/^a=candidate:.* typ (\S+)/gm) ?? []) {
    types[type] = (types[type] ?? 0) + 1;
  }
  return types;
}
