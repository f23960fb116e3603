import type { SignalingCall, SignalingClient } from 'signal-core/client';

/** Whom to call, and from where. */
export interface Dial {
  client: SignalingClient;
  /** A user id. */
  to: string;
  callType: 'video' | 'audio';
}

/** One end of the media of one call: scripted, or a real `RTCPeerConnection`. */
export interface MediaPeer {
  /**
   * Rings the callee. Of two who call each other at once the second answers the first call, which it then returns.
   *
   * @throws SignalingError as the server refuses it
   */
  call(dial: Dial): Promise<SignalingCall>;
  /**
   * Accepts a call.
   *
   * @throws SignalingError when it is over, or was answered elsewhere
   */
  answer(call: SignalingCall): Promise<void>;
  /** Resolves once all that this end can check is right; rejects, with a `Failure`, once something is wrong. */
  readonly proven: Promise<void>;
  report(): MediaReport;
  close(): void;
}

export type MediaReport = ScriptedReport | RtcReport;

/** What became of recorded descriptions and candidates on their way through the server. */
export interface ScriptedReport {
  kind: 'scripted';
  /** Whether description and candidates came byte for byte as recorded; null when the peer sent no recording. */
  verified: boolean | null;
  candidatesSent: number;
  candidatesReceived: number;
}

/** What a real connection came to. Times are milliseconds since both descriptions were known here. */
export interface RtcReport {
  kind: 'rtc';
  iceConnectedMs: number | null;
  channelOpenMs: number | null;
  messageSent: string | null;
  messageReceived: string | null;
  /** Candidates by type, such as `{host: 4}`, of the last ICE generation. */
  localCandidates: Record<string, number>;
  remoteCandidates: Record<string, number>;
}
