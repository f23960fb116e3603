import type { IceCandidate } from 'signal-core/protocol';

/** The part of a recording that its candidates belong to. */
export interface CandidateSource {
  sdp: string;
  candidates: readonly IceCandidate[];
}

const MADE_UP = 1_000_000;
const LAST = 2_000_000;

/**
 * The candidate of that index out of `total`: as recorded, and past the recorded ones made up, always in
 * the same way, so that the receiver can tell what it should have got.
 */
export function candidateAt(source: CandidateSource, index: number, total: number): IceCandidate {
  if (index === total - 1) return lastCandidate(source, total);
  return source.candidates[index] ?? relayed(source.sdp, MADE_UP + index);
}

/** The last one says how many there were: without it the receiver could not notice that the tail is missing. */
export function lastCandidate(source: CandidateSource, total: number): IceCandidate {
  return relayed(source.sdp, LAST + total);
}

function relayed(sdp: string, foundation: number): IceCandidate {
  // 203.0.113.0/24 is for documentation (RFC 5737): nobody is there.
  const address = `203.0.113.${foundation % 256} ${49_152 + (foundation % 10_000)}`;
  return {
    candidate: `candidate:${foundation} 1 udp 41885439 ${address} typ relay raddr 0.0.0.0 rport 0`,
    sdpMid: /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0',
    sdpMLineIndex: 0,
    usernameFragment: /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? null,
  };
}
