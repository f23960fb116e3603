const sdp = (ufrag: string, setup: 'actpass' | 'active') =>
  [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${ufrag}`,
    'a=ice-pwd:asd88fgpdd777uzjYhagZg',
    `a=setup:${setup}`,
    'a=mid:0',
    'a=rtpmap:111 opus/48000/2',
    '',
  ].join('\r\n');

export const CALLER_UFRAG = 'cALr';
export const CALLEE_UFRAG = 'cALe';

export const OFFER = { type: 'offer', sdp: sdp(CALLER_UFRAG, 'actpass') } as const;
export const ANSWER = { type: 'answer', sdp: sdp(CALLEE_UFRAG, 'active') } as const;

/** The n-th candidate of somebody, as `RTCIceCandidate.toJSON()` writes it. */
export function candidate(n: number, usernameFragment: string | null = null) {
  return {
    candidate: `candidate:${n} 1 udp 2122260223 192.0.2.1 ${10_000 + n} typ host generation 0`,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment,
  };
}

/** The candidates from..to, both included. */
export function candidates(from: number, to: number, usernameFragment: string | null = null) {
  return Array.from({ length: to - from + 1 }, (_, index) => candidate(from + index, usernameFragment));
}
