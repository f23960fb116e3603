import type { IceCandidate } from '../protocol/signal.js';

/** With every member that an implementation may ask for. */
export function completeCandidate({ candidate, sdpMid = null, sdpMLineIndex, usernameFragment = null }: IceCandidate) {
  // some implementations want a number where browsers take null and go by sdpMid
  return { candidate, sdpMid, sdpMLineIndex: sdpMLineIndex ?? 0, usernameFragment };
}
