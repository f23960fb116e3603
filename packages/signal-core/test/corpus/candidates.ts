import type { IceCandidate } from 'signal-core/protocol';

/** Candidates as browsers trickle them; those that `relay` may pass where only relays do. */
export interface CorpusCandidate {
  by: string;
  candidate: IceCandidate;
  relay: boolean;
}

const libwebrtc = (candidate: string): IceCandidate => ({
  candidate,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'hJoE',
});

/** Firefox has no ufrag in the line. */
const firefox = (candidate: string): IceCandidate => ({ ...libwebrtc(candidate), usernameFragment: '9a9694cc' });

const others: [by: string, candidate: IceCandidate][] = [
  [
    'Chrome, mDNS',
    libwebrtc(
      'candidate:1036294889 1 udp 2113937151 005cedb2-cebd-4bba-b5db-ab681b52302e.local 52086 typ host generation 0 ufrag hJoE network-cost 999',
    ),
  ],
  [
    'Chrome, IPv4',
    libwebrtc(
      'candidate:3229573512 1 udp 2122194687 192.168.1.23 54931 typ host generation 0 ufrag hJoE network-id 1 network-cost 10',
    ),
  ],
  [
    'Chrome, IPv6',
    libwebrtc(
      'candidate:3077952869 1 udp 2122265343 2001:db8:151:dc10:a8cb:5e93:9627:557c 61014 typ host generation 0 ufrag hJoE network-id 2 network-cost 10',
    ),
  ],
  [
    'Chrome, TCP',
    libwebrtc(
      'candidate:2398920056 1 tcp 1518214911 192.168.1.23 9 typ host tcptype active generation 0 ufrag hJoE network-id 1 network-cost 10',
    ),
  ],
  [
    'Chrome, TCP passive, IPv6',
    libwebrtc(
      'candidate:4193659285 1 tcp 1518285567 fd00::2 43507 typ host tcptype passive generation 0 ufrag hJoE network-id 2',
    ),
  ],
  [
    'Chrome, srflx',
    libwebrtc(
      'candidate:842163049 1 udp 1685987071 203.0.113.7 61015 typ srflx raddr 192.168.1.23 rport 54931 generation 0 ufrag hJoE network-id 1 network-cost 10',
    ),
  ],
  [
    'Chrome, srflx, mDNS',
    libwebrtc(
      'candidate:842163049 1 udp 1677729535 203.0.113.7 61015 typ srflx raddr 0.0.0.0 rport 0 generation 0 ufrag hJoE network-cost 999',
    ),
  ],
  [
    'Safari, mDNS',
    libwebrtc(
      'candidate:3257267946 1 udp 2113937151 83b4f79b-2bf8-4791-ba77-a63210c4b0a8.local 59380 typ host generation 0 ufrag hJoE network-cost 999',
    ),
  ],
  [
    'Safari, srflx',
    libwebrtc(
      'candidate:842163049 1 udp 1677729535 203.0.113.208 61015 typ srflx raddr 192.168.0.87 rport 61015 generation 0 ufrag hJoE network-cost 999',
    ),
  ],
  ['Firefox, mDNS', firefox('candidate:0 1 UDP 2122187007 94c000dc-94e8-4d15-a8b8-ffde29f2f774.local 54352 typ host')],
  ['Firefox, IPv4, RTCP', firefox('candidate:0 2 UDP 2122252542 10.61.34.95 42661 typ host')],
  ['Firefox, IPv6', firefox('candidate:28 1 UDP 2121859327 fd86:2df3:c714:1:c0b:afbe:38fd:a54e 33776 typ host')],
  ['Firefox, TCP', firefox('candidate:6 1 TCP 2105524479 10.61.34.95 9 typ host tcptype active')],
  ['Firefox, srflx', firefox('candidate:1 1 UDP 1686052863 203.0.113.7 60591 typ srflx raddr 10.61.34.95 rport 60591')],
  ['Firefox, srflx, mDNS', firefox('candidate:2 1 UDP 1685986815 203.0.113.7 49715 typ srflx raddr 0.0.0.0 rport 0')],
  [
    'Chrome, prflx, of getStats',
    libwebrtc(
      'candidate:1510613869 1 udp 1853824767 203.0.113.9 51636 typ prflx raddr 192.168.1.23 rport 54931 generation 0 ufrag hJoE network-id 1',
    ),
  ],
];

const relays: [by: string, candidate: IceCandidate][] = [
  [
    'Chrome, over UDP',
    libwebrtc(
      'candidate:2500861253 1 udp 41820159 9.9.9.9 51234 typ relay raddr 203.0.113.7 rport 61015 generation 0 ufrag hJoE network-id 1 network-cost 10',
    ),
  ],
  [
    'Chrome, over TCP',
    libwebrtc(
      'candidate:3471623853 1 udp 25042943 9.9.9.9 51235 typ relay raddr 192.168.1.23 rport 50010 generation 0 ufrag hJoE network-id 1 network-cost 50',
    ),
  ],
  [
    'Chrome, IPv6',
    libwebrtc(
      'candidate:1467250027 1 udp 41885695 2620:fe::9 51236 typ relay raddr 2001:db8:151:dc10:a8cb:5e93:9627:557c rport 61014 generation 0 ufrag hJoE network-id 2',
    ),
  ],
  [
    'Chrome, iceTransportPolicy relay',
    libwebrtc(
      'candidate:2500861253 1 udp 41820159 9.9.9.9 51237 typ relay raddr 0.0.0.0 rport 0 generation 0 ufrag hJoE network-id 1 network-cost 10',
    ),
  ],
  [
    'Safari',
    libwebrtc(
      'candidate:2500861253 1 udp 33562367 9.9.9.9 60123 typ relay raddr 203.0.113.208 rport 61015 generation 0 ufrag hJoE network-cost 999',
    ),
  ],
  [
    'Safari, ICE restarted',
    libwebrtc(
      'candidate:2500861253 1 udp 33562367 9.9.9.9 60124 typ relay raddr 0.0.0.0 rport 0 generation 1 ufrag hJoE network-cost 999',
    ),
  ],
  ['Firefox', firefox('candidate:3 1 UDP 92217087 9.9.9.9 55324 typ relay raddr 203.0.113.7 rport 55324')],
  ['Firefox, RTCP', firefox('candidate:3 2 UDP 92217086 9.9.9.9 63067 typ relay raddr 203.0.113.7 rport 63067')],
  ['Firefox, over TCP', firefox('candidate:11 1 UDP 8331263 9.9.9.9 62001 typ relay raddr 10.61.34.95 rport 62001')],
  [
    'Firefox, IPv6',
    firefox('candidate:5 1 UDP 92085759 2620:fe::9 55325 typ relay raddr 2001:db8::8dfe:b3e3 rport 55325'),
  ],
  [
    'a library that names no related address',
    { candidate: 'candidate:4fa2 1 udp 16777215 9.9.9.9 49152 typ relay', sdpMid: 'audio' },
  ],
];

const ends: [by: string, candidate: IceCandidate][] = [
  ['Chrome, end', { candidate: '', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'hJoE' }],
  ['Firefox, end', { candidate: '', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: '9a9694cc' }],
  ['Safari, end', { candidate: '', sdpMid: 'audio', sdpMLineIndex: 0, usernameFragment: null }],
];

export const CANDIDATES: readonly CorpusCandidate[] = [
  ...others.map(([by, candidate]) => ({ by, candidate, relay: false })),
  ...[...relays, ...ends].map(([by, candidate]) => ({ by, candidate, relay: true })),
];
