import type { EndReason } from '../domain/end-reason.js';
import type { Json } from '../domain/json.js';
import type { ErrorCode, SignalingError } from '../protocol/errors.js';
import type { SessionDescription, UserRef } from '../protocol/server-events.js';
import type { IceCandidate, Renegotiation } from '../protocol/signal.js';
import type { IceServerList } from './ice-configuration.js';
import type { DescriptionLike } from './payload-check.js';

export type CallState = 'ringing' | 'active' | 'ended';

/** How a call ended. */
export interface CallEnd {
  /** As the server says it; the code when a command of this device was refused; `closed` when the client was closed. */
  reason: EndReason | ErrorCode | 'closed';
  /** The id of the user who ended it, where somebody did. */
  by?: string;
  /** From accepted to ended, in milliseconds. */
  durationMs?: number;
}

/** What a call tells. An event that nobody listens to yet waits for its first listener. */
export interface CallEvents {
  /** The callee accepted. */
  accepted: [answer: SessionDescription<'answer'>];
  /** From the peer, in the order sent; `null` ends them. */
  candidates: [candidates: (IceCandidate | null)[]];
  /** From the peer, in an active call: renegotiation, ICE restart. */
  description: [description: Renegotiation];
  info: [data: Json];
  /** The peer has lost its connection to the server. Media goes on. */
  peerReconnecting: [];
  peerReconnected: [];
  /** Candidates that this end sent were refused; the call goes on. */
  error: [error: SignalingError];
  /** The call goes on, but what the peer sent during a loss is gone: restart ICE. `PeerCall` does. */
  unrecovered: [];
  /** A browser says that the network of this device is another one: restart ICE. `PeerCall` does. */
  networkChange: [];
  /** Once. */
  ended: [end: CallEnd];
}

/** What one places a call with. */
export interface CallRequest {
  /** Of `pc.createOffer()`, or `pc.localDescription`. */
  offer: DescriptionLike;
  callType: 'video' | 'audio';
  /** Any JSON of 1 KiB, shown to the callee as the call rings. */
  metadata?: Json;
}

/** One device's end of one call. It outlives losses of the connection: what it has to say waits, and is said once. */
export interface SignalingCall {
  readonly id: string;
  readonly role: 'caller' | 'callee';
  readonly peer: UserRef;
  readonly callType: 'video' | 'audio';
  readonly state: CallState;
  /** Whether the peer has lost its connection to the server, as far as is known. */
  readonly isPeerReconnecting: boolean;
  /** The offer that it was placed with. */
  readonly offer: SessionDescription<'offer'>;
  readonly metadata: Json | undefined;
  /** Of the client, as they are now. */
  readonly iceServers: IceServerList;

  /** @returns how to stop listening */
  on<E extends keyof CallEvents>(event: E, listener: (...args: CallEvents[E]) => void): () => void;

  /**
   * Answers, as the callee.
   *
   * @throws SignalingError `invalid_state` when it is over or was answered elsewhere, `call_not_found`,
   * `invalid_payload` for what is no answer, `payload_too_large`
   */
  accept(answer: DescriptionLike): Promise<void>;

  /**
   * Declines, as the callee. The call is over at once; the promise waits until the server knows.
   *
   * @param reason - what the caller is told @default 'declined'
   */
  reject(reason?: 'declined' | 'busy'): Promise<void>;

  /** Cancels, declines or hangs up. The call is over at once; the promise waits until the server knows. */
  end(): Promise<void>;

  /** Trickles; those of one moment go out together. `null` ends them. */
  sendCandidate(candidate: IceCandidate | null): void;

  /**
   * Renegotiates: an offer, an answer, a `pranswer` or a `rollback`.
   *
   * @throws SignalingError `invalid_state` when the call is not active, `invalid_payload`, `payload_too_large`
   */
  sendDescription(description: DescriptionLike): Promise<void>;

  /**
   * Sends any JSON of 4 KiB to the peer, in an active call.
   *
   * @throws SignalingError `invalid_state` when the call is not active, `invalid_payload`, `payload_too_large`
   */
  sendInfo(data: Json): Promise<void>;
}

/** What a call is from the beginning. */
export type CallFacts = Pick<SignalingCall, 'id' | 'role' | 'peer' | 'callType' | 'offer' | 'metadata'>;
