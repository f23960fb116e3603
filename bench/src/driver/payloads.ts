/** Bytes of a session description, as written by a browser for audio and video with one codec each. */
const SDP_BYTES = 2048;
/** Candidates of each side of a call. */
export const CANDIDATES = 10;

/** What one side of one call sends, as JSON text, and what of it must arrive. */
export interface Payloads {
  description: string;
  /** The ICE user name fragment, in the description and in every candidate. */
  ufrag: string;
  /** Part of `description` that every server must deliver as it is. */
  sdp: string;
  candidates: Candidate[];
}

export interface Candidate {
  json: string;
  /** Part of `json` that every server must deliver as it is. */
  line: string;
}

const HEAD =
  'v=0\\r\\no=- 4611731400430051336 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\na=group:BUNDLE 0 1\\r\\na=ice-ufrag:';
const TAIL = attributes(SDP_BYTES - HEAD.length - 6);

/**
 * Makes what one side of one call sends. The ICE user name fragment is the mark of the call:
 * it is in every message, so a message of another call is not taken for one of this.
 */
export function makePayloads(type: 'offer' | 'answer', call: number): Payloads {
  const ufrag = `${type === 'offer' ? 'o' : 'a'}${call.toString(36).padStart(5, '0')}`;
  const sdp = `"sdp":"${HEAD}${ufrag}${TAIL}"`;
  return {
    description: `{"type":"${type}",${sdp}}`,
    ufrag,
    sdp,
    candidates: Array.from({ length: CANDIDATES }, (_, index) => makeCandidate(index, ufrag)),
  };
}

/** One candidate; its number is its foundation, at the beginning of its line. */
export function makeCandidate(index: number, ufrag: string): Candidate {
  const line = `"candidate:${842163049 + index} 1 udp 1677729535 192.0.2.17 ${50000 + index} typ srflx raddr 10.0.0.4 rport ${40000 + index} generation 0 ufrag ${ufrag} network-cost 999"`;
  return { json: `{"candidate":${line},"sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"${ufrag}"}`, line };
}

function attributes(length: number): string {
  const lines = Array.from(
    { length: 60 },
    (_, index) => `\\r\\na=rtpmap:${96 + index} VP8/90000\\r\\na=rtcp-fb:${96 + index} nack pli`,
  );
  return `${lines.join('').slice(0, length - 4)}x\\r\\n`;
}
