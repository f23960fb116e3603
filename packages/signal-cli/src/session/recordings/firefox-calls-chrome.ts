import { type Recording, sdp } from './recording.js';

/** A real audio call from Firefox 153 to Chrome 156, as both gave it to their signaling. */
export const firefoxCallsChrome: Recording = {
  callType: 'audio',
  offer: {
    by: 'Firefox 153',
    sdp: sdp(`
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 6157122670602693483 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 F1:7E:D3:EB:10:47:E6:7A:57:67:03:44:44:42:B8:4E:F5:82:29:C3:A6:42:78:D1:9A:B7:D4:CD:49:D3:B3:FE
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101
c=IN IP4 0.0.0.0
a=sendrecv
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap-allow-mixed
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=ice-pwd:75313293eccb23d76b871da2e765cc15
a=ice-ufrag:9a9694cc
a=mid:0
a=msid:{3bccf3fb-7a26-49c7-9559-90c8edc15700} {aebee7c7-e96b-4d13-9c9b-a786be415041}
a=rtcp-fb:109 transport-cc
a=rtcp-fb:9 transport-cc
a=rtcp-fb:0 transport-cc
a=rtcp-fb:8 transport-cc
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtpmap:9 G722/8000/1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000/1
a=setup:actpass
a=ssrc:2309662939 cname:{62e5ec34-d9b0-400e-9a7e-7694814b1b92}
`),
    candidates: [
      {
        candidate: 'candidate:0 1 UDP 2122187007 94c000dc-94e8-4d15-a8b8-ffde29f2f774.local 54352 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
      {
        candidate: 'candidate:1 1 UDP 2122252543 dc5cc441-0192-4231-86d0-d434ab0b0441.local 46862 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
      {
        candidate: 'candidate:2 1 TCP 2105458943 94c000dc-94e8-4d15-a8b8-ffde29f2f774.local 9 typ host tcptype active',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
      {
        candidate: 'candidate:3 1 TCP 2105524479 dc5cc441-0192-4231-86d0-d434ab0b0441.local 9 typ host tcptype active',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
      {
        candidate: 'candidate:0 2 UDP 2122187006 94c000dc-94e8-4d15-a8b8-ffde29f2f774.local 60700 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
      {
        candidate: 'candidate:1 2 UDP 2122252542 dc5cc441-0192-4231-86d0-d434ab0b0441.local 50270 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
      {
        candidate: 'candidate:2 2 TCP 2105458942 94c000dc-94e8-4d15-a8b8-ffde29f2f774.local 9 typ host tcptype active',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
      {
        candidate: 'candidate:3 2 TCP 2105524478 dc5cc441-0192-4231-86d0-d434ab0b0441.local 9 typ host tcptype active',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
      {
        candidate: '',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '9a9694cc',
      },
    ],
  },
  answer: {
    by: 'Chrome 156',
    sdp: sdp(`
v=0
o=- 432092178016060484 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=msid-semantic: WMS 23f516a7-618d-4a75-ae5d-6ff309be7c79
m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:xMIh
a=ice-pwd:WCkNG5UbB78Y+DQd+QscnmHY
a=ice-options:trickle
a=fingerprint:sha-256 86:4B:02:C7:E1:58:AB:94:24:89:53:EB:65:C2:00:27:F7:A1:0E:D1:47:A3:CC:D3:87:8A:B4:78:31:66:14:26
a=setup:active
a=mid:0
a=extmap-allow-mixed
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:23f516a7-618d-4a75-ae5d-6ff309be7c79 cb7ee5a9-15e7-4c9c-9aa2-1630c4455305
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtcp-fb:109 transport-cc
a=fmtp:109 minptime=10;useinbandfec=1
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=ssrc:3316441492 cname:tLC/vjD+8wxeWd7m
`),
    candidates: [
      {
        candidate:
          'candidate:4079324187 1 udp 2122194687 127.0.0.1 34953 typ host generation 0 ufrag xMIh network-id 3 network-cost 50',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'xMIh',
      },
      {
        candidate: 'candidate:394624655 1 udp 2122063615 192.0.2.2 47670 typ host generation 0 ufrag xMIh network-id 1',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'xMIh',
      },
      {
        candidate:
          'candidate:3792281235 1 udp 2122267903 ::1 43673 typ host generation 0 ufrag xMIh network-id 4 network-cost 50',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'xMIh',
      },
      {
        candidate: 'candidate:3705913199 1 udp 2122134271 fd00::2 39233 typ host generation 0 ufrag xMIh network-id 2',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'xMIh',
      },
      {
        candidate:
          'candidate:227498127 1 tcp 1518214911 127.0.0.1 9 typ host tcptype active generation 0 ufrag xMIh network-id 3 network-cost 50',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'xMIh',
      },
      {
        candidate:
          'candidate:3912215067 1 tcp 1518083839 192.0.2.2 9 typ host tcptype active generation 0 ufrag xMIh network-id 1',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'xMIh',
      },
      {
        candidate:
          'candidate:480463367 1 tcp 1518288127 ::1 9 typ host tcptype active generation 0 ufrag xMIh network-id 4 network-cost 50',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'xMIh',
      },
      {
        candidate:
          'candidate:575237115 1 tcp 1518154495 fd00::2 9 typ host tcptype active generation 0 ufrag xMIh network-id 2',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'xMIh',
      },
    ],
  },
};
