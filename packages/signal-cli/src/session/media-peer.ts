import type { IceCandidate, SessionDescription } from 'signal-core/protocol';

/** One end of the media of one call: scripted, or a real `RTCPeerConnection`. */
export interface MediaPeer {
  offer(): Promise<SessionDescription<'offer'>>;
  answer(offer: SessionDescription<'offer'>): Promise<SessionDescription<'answer'>>;
  acceptAnswer(answer: SessionDescription<'answer'>): Promise<void>;
  /** Hands over the local candidates, from the first on; `null` ends them. */
  onCandidate(listener: (candidate: IceCandidate | null) => void): void;
  /** Takes a remote candidate at any time, also before the description that it belongs to. */
  addCandidate(candidate: IceCandidate | null): void;
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
  /** Candidates by type, such as `{host: 4}`. */
  localCandidates: Record<string, number>;
  remoteCandidates: Record<string, number>;
}
