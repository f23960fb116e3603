import type { IceCandidate } from '../protocol/signal.js';

export type Candidate = IceCandidate | null;

/**
 * The ICE user fragments that an SDP names (RFC 8839, section 5.4).
 *
 * @returns an empty set when it names none
 */
export function iceUfrags(sdp: string): Set<string> {
  return new Set(Array.from(sdp.matchAll(/^a=ice-ufrag:(\S+)/gm), (match) => String(match[1])));
}

/** Whether a candidate belongs to the description; one that names no fragment is believed. */
export function fitsDescription(candidate: Candidate, ufrags: Set<string>): boolean {
  const ufrag = candidate?.usernameFragment;
  return ufrag === undefined || ufrag === null || ufrags.size === 0 || ufrags.has(ufrag);
}
