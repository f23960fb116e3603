import type { IceCandidate } from 'signal-core/protocol';

/** What one browser handed to its signaling in one call. */
export interface RecordedSide {
  by: string;
  sdp: string;
  candidates: readonly IceCandidate[];
}

/** Both sides of one call between two browsers: the answer fits the offer. */
export interface Recording {
  callType: 'video' | 'audio';
  offer: RecordedSide;
  answer: RecordedSide;
}

/** SDP lines end in CR LF (RFC 8866, section 5), which a source file cannot hold. */
export function sdp(lines: string): string {
  return lines.trimStart().replaceAll('\n', '\r\n');
}
