/**
 * Descriptions as browsers write them, with their candidates in them. Addresses are those for documentation (RFC 5737,
 * RFC 3849) or of private networks; long lists of codecs are cut to one or two.
 */
export interface CorpusDescription {
  by: string;
  type: 'offer' | 'answer';
  sdp: string;
}

const sdp = (text: string) => text.trim().replaceAll('\n', '\r\n').concat('\r\n');

const FINGERPRINT =
  'sha-256 AB:8A:B1:E2:88:63:51:DF:44:A1:D7:A5:05:3F:2E:F6:4E:CD:78:34:76:1A:50:8B:BD:5C:3D:FD:EB:01:83:03';

export const DESCRIPTIONS: readonly CorpusDescription[] = [
  {
    by: 'Chrome 156, data channel, mDNS',
    type: 'offer',
    sdp: sdp(`
v=0
o=- 8970982945096183033 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=candidate:1036294889 1 udp 2113937151 005cedb2-cebd-4bba-b5db-ab681b52302e.local 52086 typ host generation 0 network-cost 999
a=candidate:985069145 1 udp 2113942271 6fc05299-73ea-4941-8033-83ae3a8eaa04.local 39228 typ host generation 0 network-cost 999
a=ice-ufrag:hJoE
a=ice-pwd:szUpqvjZmdvFjDw66pCMupn8
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:0
a=sctp-port:5000
a=max-message-size:262144
`),
  },
  {
    by: 'Chrome 156, data channel, answer',
    type: 'answer',
    sdp: sdp(`
v=0
o=- 882338519161913688 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=candidate:2319112535 1 udp 2113937151 005cedb2-cebd-4bba-b5db-ab681b52302e.local 46038 typ host generation 0 network-cost 999
a=ice-ufrag:8zYW
a=ice-pwd:bGQ8N7faU9AsC+1ewO8ncOPd
a=ice-options:trickle
a=fingerprint:sha-256 02:CF:97:92:52:C6:96:2C:C3:41:8B:F8:EE:0B:9E:EF:16:F6:C8:9E:E3:42:90:21:8A:DB:B0:65:FC:C0:BF:D4
a=setup:active
a=mid:0
a=sctp-port:5000
a=max-message-size:262144
`),
  },
  {
    by: 'Chrome, camera allowed: host, srflx, TCP and relay, IPv4 and IPv6',
    type: 'offer',
    sdp: sdp(`
v=0
o=- 3816044188017108937 3 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS stream
m=audio 61015 UDP/TLS/RTP/SAVPF 111 63
c=IN IP4 203.0.113.7
a=rtcp:61016 IN IP4 203.0.113.7
a=candidate:3077952869 1 udp 2122265343 2001:db8:151:dc10:a8cb:5e93:9627:557c 61014 typ host generation 0 network-id 2 network-cost 10
a=candidate:3229573512 1 udp 2122194687 192.168.1.23 54931 typ host generation 0 network-id 1 network-cost 10
a=candidate:4193659285 1 tcp 1518285567 2001:db8:151:dc10:a8cb:5e93:9627:557c 9 typ host tcptype active generation 0 network-id 2 network-cost 10
a=candidate:2398920056 1 tcp 1518214911 192.168.1.23 9 typ host tcptype active generation 0 network-id 1 network-cost 10
a=candidate:842163049 1 udp 1685987071 203.0.113.7 61015 typ srflx raddr 192.168.1.23 rport 54931 generation 0 network-id 1 network-cost 10
a=candidate:2500861253 1 udp 41820159 198.51.100.9 51234 typ relay raddr 203.0.113.7 rport 61015 generation 0 network-id 1 network-cost 10
a=ice-ufrag:98Qg
a=ice-pwd:hxJL7pRrifalmhlmFGVPVwTx
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:stream 597dbf92-235d-4936-9161-28bc9e676ef0
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=ssrc:4115289267 cname:WCzjJfbrLnHUZUxj
a=ssrc:4115289267 msid:stream 597dbf92-235d-4936-9161-28bc9e676ef0
m=video 61017 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 203.0.113.7
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:3229573512 1 udp 2122194687 192.168.1.23 54932 typ host generation 0 network-id 1 network-cost 10
a=ice-ufrag:98Qg
a=ice-pwd:hxJL7pRrifalmhlmFGVPVwTx
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:1
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=sendrecv
a=msid:stream ef8dab64-0cc3-496e-b4ed-beb2343f2d3b
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=ssrc-group:FID 3792674020 3792674021
a=ssrc:3792674020 cname:WCzjJfbrLnHUZUxj
a=ssrc:3792674021 cname:WCzjJfbrLnHUZUxj
`),
  },
  {
    by: 'Chrome, IPv6 network only',
    type: 'offer',
    sdp: sdp(`
v=0
o=- 4611731400430051336 2 IN IP6 ::1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS
m=audio 48520 UDP/TLS/RTP/SAVPF 111
c=IN IP6 2001:db8::8dfe:b3e3
a=rtcp:9 IN IP6 ::
a=candidate:3077952869 1 udp 2122265343 2001:db8::8dfe:b3e3 48520 typ host generation 0 network-id 2
a=ice-ufrag:rbEI
a=ice-pwd:LRAVKtLDXe6WPoXw6wIv1RWt
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:0
a=recvonly
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
`),
  },
  {
    by: 'Chrome 156, a section that was stopped',
    type: 'offer',
    sdp: sdp(`
v=0
o=- 7049688167544075469 3 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 1
a=extmap-allow-mixed
a=msid-semantic: WMS
m=audio 0 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:6pLW
a=ice-pwd:K9k5jiQVe4dcQ3mIJRJXGz3A
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:0
a=inactive
a=rtcp-mux
a=rtpmap:111 opus/48000/2
m=application 53776 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 192.168.1.23
a=candidate:886465240 1 udp 2113937151 192.168.1.23 53776 typ host generation 0 network-cost 999
a=ice-ufrag:6pLW
a=ice-pwd:K9k5jiQVe4dcQ3mIJRJXGz3A
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:1
a=sctp-port:5000
a=max-message-size:262144
`),
  },
  {
    by: 'Chrome, simulcast',
    type: 'offer',
    sdp: sdp(`
v=0
o=- 6673656204722386585 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:ueRC
a=ice-pwd:wiuP5lLVzRjOcRuQ4wD4LBCq
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:0
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=sendrecv
a=msid:- b00cf9dc-3caa-4396-b295-e18d371dc0be
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rid:hi send
a=rid:mid send
a=rid:lo send
a=simulcast:send hi;mid;lo
`),
  },
  {
    by: 'Chrome with bundlePolicy max-bundle: bundle-only sections',
    type: 'offer',
    sdp: sdp(`
v=0
o=- 1554112336445897521 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=msid-semantic: WMS
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:SBSQ
a=ice-pwd:JH0dtPMRHC1FHpOc1O4YUEvL
a=ice-options:trickle renomination
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:0
a=sendrecv
a=rtcp-mux
a=rtpmap:111 opus/48000/2
m=application 0 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=bundle-only
a=ice-ufrag:SBSQ
a=ice-pwd:JH0dtPMRHC1FHpOc1O4YUEvL
a=ice-options:trickle renomination
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:1
a=sctp-port:5000
a=max-message-size:262144
`),
  },
  {
    by: 'Firefox 153, data channel, mDNS, gathered',
    type: 'offer',
    sdp: sdp(`
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 6157122670602693483 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:${FINGERPRINT}
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=application 54352 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 203.0.113.7
a=candidate:0 1 UDP 2122187007 94c000dc-94e8-4d15-a8b8-ffde29f2f774.local 54352 typ host
a=candidate:2 1 TCP 2105458943 94c000dc-94e8-4d15-a8b8-ffde29f2f774.local 9 typ host tcptype active
a=candidate:1 1 UDP 1685987327 203.0.113.7 54352 typ srflx raddr 0.0.0.0 rport 0
a=sendrecv
a=end-of-candidates
a=ice-pwd:75313293eccb23d76b871da2e765cc15
a=ice-ufrag:9a9694cc
a=mid:0
a=setup:actpass
a=sctp-port:5000
a=max-message-size:1073741823
`),
  },
  {
    by: 'Firefox, camera allowed, both components, relay',
    type: 'offer',
    sdp: sdp(`
v=0
o=mozilla...THIS_IS_SDPARTA-82.0.3 6165836103488479778 1 IN IP4 0.0.0.0
s=-
t=0 0
a=sendrecv
a=fingerprint:${FINGERPRINT}
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 55324 UDP/TLS/RTP/SAVPF 109 101
c=IN IP4 198.51.100.9
a=candidate:0 1 UDP 2122252543 10.61.34.95 60591 typ host
a=candidate:6 1 TCP 2105524479 10.61.34.95 9 typ host tcptype active
a=candidate:0 2 UDP 2122252542 10.61.34.95 42661 typ host
a=candidate:6 2 TCP 2105524478 10.61.34.95 9 typ host tcptype active
a=candidate:28 1 UDP 2121859327 fd86:2df3:c714:1:c0b:afbe:38fd:a54e 33776 typ host
a=candidate:1 1 UDP 1686052863 203.0.113.7 60591 typ srflx raddr 10.61.34.95 rport 60591
a=candidate:3 1 UDP 92217087 198.51.100.9 55324 typ relay raddr 203.0.113.7 rport 55324
a=candidate:3 2 UDP 92217086 198.51.100.9 63067 typ relay raddr 203.0.113.7 rport 63067
a=sendrecv
a=end-of-candidates
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=ice-pwd:3b75a8e760c5295e5bcf309404f5f633
a=ice-ufrag:15845c69
a=mid:0
a=msid:{1195e3e2-4586-4813-a250-b428a5dceff0} {02aa8736-ee44-425c-a7da-53e434dcf236}
a=rtcp:63067 IN IP4 198.51.100.9
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtpmap:101 telephone-event/8000/1
a=setup:actpass
a=ssrc:223177853 cname:{34a7cae5-2831-4db5-bf4a-5b1f5fbc9c7b}
`),
  },
  {
    by: 'Firefox, answer',
    type: 'answer',
    sdp: sdp(`
v=0
o=mozilla...THIS_IS_SDPARTA-128.0 5024891937826637357 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:${FINGERPRINT}
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP6 ::
a=candidate:1 1 UDP 2122187007 2001:db8::1:2 50324 typ host
a=recvonly
a=ice-pwd:9f8e7d6c5b4a39281706f5e4d3c2b1a0
a=ice-ufrag:1a2b3c4d
a=mid:0
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=setup:active
`),
  },
  {
    by: 'Firefox, a section refused',
    type: 'answer',
    sdp: sdp(`
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 4991156590662245017 1 IN IP4 0.0.0.0
s=-
t=0 0
a=sendrecv
a=fingerprint:${FINGERPRINT}
a=group:BUNDLE 1
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 0 UDP/TLS/RTP/SAVPF 0
c=IN IP4 0.0.0.0
a=inactive
a=rtpmap:0 PCMU/8000
m=application 33514 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 172.22.0.1
a=candidate:0 1 UDP 2121793791 192.168.6.2 34209 typ host
a=candidate:8 1 UDP 2122252543 172.22.0.1 33514 typ host
a=sendrecv
a=end-of-candidates
a=ice-pwd:fce81d64f1d26d475024b43a01d32730
a=ice-ufrag:a387c063
a=mid:1
a=setup:active
a=sctp-port:5000
a=max-message-size:1073741823
`),
  },
  {
    by: 'Safari, mDNS',
    type: 'offer',
    sdp: sdp(`
v=0
o=- 3521465464187348541 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS 4f1c1f6e-6a5f-4d0b-9a30-0f2d1cf1fdd5
m=audio 9 UDP/TLS/RTP/SAVPF 111 9
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:3257267946 1 udp 2113937151 83b4f79b-2bf8-4791-ba77-a63210c4b0a8.local 59380 typ host generation 0 network-cost 999
a=ice-ufrag:GGyZ
a=ice-pwd:BsewdZxOX7u0bV/HIbnyzp16
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:0
a=sendrecv
a=msid:4f1c1f6e-6a5f-4d0b-9a30-0f2d1cf1fdd5 d1a1b4cc-12d5-4a4b-9d9e-6fd2d2a2cf5e
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:9 G722/8000
a=ssrc:205815247 cname:JTNiIZ6eJ7ghkHaB
`),
  },
  {
    by: 'Safari, camera allowed, IPv6',
    type: 'offer',
    sdp: sdp(`
v=0
o=- 8148572839875102105 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE audio data
a=msid-semantic: WMS cb7e185b-6110-4f65-b027-ddb8b5fa78c7
m=audio 61015 UDP/TLS/RTP/SAVPF 111 126
c=IN IP4 203.0.113.208
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:3317362580 1 udp 2113937151 192.168.0.87 61015 typ host generation 0 network-cost 999
a=candidate:3103151263 1 udp 2113939711 2001:db8:151:dc10:a8cb:5e93:9627:557c 61016 typ host generation 0 network-cost 999
a=candidate:842163049 1 udp 1677729535 203.0.113.208 61015 typ srflx raddr 192.168.0.87 rport 61015 generation 0 network-cost 999
a=ice-ufrag:XSmV
a=ice-pwd:Ss5xY4RMFEJASRvK5TIPgLN9
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:audio
a=sendrecv
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:126 telephone-event/8000
a=ssrc:1557912193 cname:KcyXxv6oIOJJo/ZR
a=ssrc:1557912193 mslabel:cb7e185b-6110-4f65-b027-ddb8b5fa78c7
m=application 61017 DTLS/SCTP 5000
c=IN IP4 203.0.113.208
a=ice-ufrag:XSmV
a=ice-pwd:Ss5xY4RMFEJASRvK5TIPgLN9
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:actpass
a=mid:data
a=sctpmap:5000 webrtc-datachannel 1024
`),
  },
  {
    by: 'Safari, answer',
    type: 'answer',
    sdp: sdp(`
v=0
o=- 7793204826810525586 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=msid-semantic: WMS
m=video 53171 UDP/TLS/RTP/SAVPF 96
c=IN IP4 192.168.1.5
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:211156821 1 udp 2113937151 192.168.1.5 53171 typ host generation 0 network-cost 50
a=ice-ufrag:5wyY
a=ice-pwd:ajvC1o4yPqwdsrKdnUtbdfgI
a=ice-options:trickle
a=fingerprint:${FINGERPRINT}
a=setup:active
a=mid:0
a=extmap:7 urn:3gpp:video-orientation
a=recvonly
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 H264/90000
a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
`),
  },
];
