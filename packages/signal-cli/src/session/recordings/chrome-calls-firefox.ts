import { type Recording, sdp } from './recording.js';

/** A real video call from Chrome 156 to Firefox 153, as both gave it to their signaling. */
export const chromeCallsFirefox: Recording = {
  callType: 'video',
  offer: {
    by: 'Chrome 156',
    sdp: sdp(`
v=0
o=- 8768430325288634418 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS a37f7c5f-cedb-4172-a121-8fa0c7d58be1
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:fy8o
a=ice-pwd:YqRJV7dxqcCR/6Ct/jV8YMCL
a=ice-options:trickle
a=fingerprint:sha-256 CC:1A:B1:B6:93:77:22:7E:01:05:6E:6C:66:C2:F9:FE:F0:C9:D7:CD:00:F8:68:CF:FF:D8:A8:B5:28:3F:5E:CD
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:a37f7c5f-cedb-4172-a121-8fa0c7d58be1 f30e816a-9392-4761-b22b-c87c2b055c52
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:3792674020 cname:bwpLgLBjuw3/xNbA
a=ssrc:3792674020 msid:a37f7c5f-cedb-4172-a121-8fa0c7d58be1 f30e816a-9392-4761-b22b-c87c2b055c52
m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 107 108 109 114 115 116 117 39 40 45 46 98 99 100 101 118 119 120
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:fy8o
a=ice-pwd:YqRJV7dxqcCR/6Ct/jV8YMCL
a=ice-options:trickle
a=fingerprint:sha-256 CC:1A:B1:B6:93:77:22:7E:01:05:6E:6C:66:C2:F9:FE:F0:C9:D7:CD:00:F8:68:CF:FF:D8:A8:B5:28:3F:5E:CD
a=setup:actpass
a=mid:1
a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:13 urn:3gpp:video-orientation
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type
a=extmap:7 http://www.webrtc.org/experiments/rtp-hdrext/video-timing
a=extmap:8 http://www.webrtc.org/experiments/rtp-hdrext/color-space
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=sendrecv
a=msid:a37f7c5f-cedb-4172-a121-8fa0c7d58be1 ef8dab64-0cc3-496e-b4ed-beb2343f2d3b
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:102 H264/90000
a=rtcp-fb:102 goog-remb
a=rtcp-fb:102 transport-cc
a=rtcp-fb:102 ccm fir
a=rtcp-fb:102 nack
a=rtcp-fb:102 nack pli
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
a=rtpmap:103 rtx/90000
a=fmtp:103 apt=102
a=rtpmap:104 H264/90000
a=rtcp-fb:104 goog-remb
a=rtcp-fb:104 transport-cc
a=rtcp-fb:104 ccm fir
a=rtcp-fb:104 nack
a=rtcp-fb:104 nack pli
a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f
a=rtpmap:107 rtx/90000
a=fmtp:107 apt=104
a=rtpmap:108 H264/90000
a=rtcp-fb:108 goog-remb
a=rtcp-fb:108 transport-cc
a=rtcp-fb:108 ccm fir
a=rtcp-fb:108 nack
a=rtcp-fb:108 nack pli
a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=rtpmap:109 rtx/90000
a=fmtp:109 apt=108
a=rtpmap:114 H264/90000
a=rtcp-fb:114 goog-remb
a=rtcp-fb:114 transport-cc
a=rtcp-fb:114 ccm fir
a=rtcp-fb:114 nack
a=rtcp-fb:114 nack pli
a=fmtp:114 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f
a=rtpmap:115 rtx/90000
a=fmtp:115 apt=114
a=rtpmap:116 H264/90000
a=rtcp-fb:116 goog-remb
a=rtcp-fb:116 transport-cc
a=rtcp-fb:116 ccm fir
a=rtcp-fb:116 nack
a=rtcp-fb:116 nack pli
a=fmtp:116 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f
a=rtpmap:117 rtx/90000
a=fmtp:117 apt=116
a=rtpmap:39 H264/90000
a=rtcp-fb:39 goog-remb
a=rtcp-fb:39 transport-cc
a=rtcp-fb:39 ccm fir
a=rtcp-fb:39 nack
a=rtcp-fb:39 nack pli
a=fmtp:39 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=4d001f
a=rtpmap:40 rtx/90000
a=fmtp:40 apt=39
a=rtpmap:45 AV1/90000
a=rtcp-fb:45 goog-remb
a=rtcp-fb:45 transport-cc
a=rtcp-fb:45 ccm fir
a=rtcp-fb:45 nack
a=rtcp-fb:45 nack pli
a=fmtp:45 level-idx=5;profile=0;tier=0
a=rtpmap:46 rtx/90000
a=fmtp:46 apt=45
a=rtpmap:98 VP9/90000
a=rtcp-fb:98 goog-remb
a=rtcp-fb:98 transport-cc
a=rtcp-fb:98 ccm fir
a=rtcp-fb:98 nack
a=rtcp-fb:98 nack pli
a=fmtp:98 profile-id=0
a=rtpmap:99 rtx/90000
a=fmtp:99 apt=98
a=rtpmap:100 VP9/90000
a=rtcp-fb:100 goog-remb
a=rtcp-fb:100 transport-cc
a=rtcp-fb:100 ccm fir
a=rtcp-fb:100 nack
a=rtcp-fb:100 nack pli
a=fmtp:100 profile-id=2
a=rtpmap:101 rtx/90000
a=fmtp:101 apt=100
a=rtpmap:118 red/90000
a=rtpmap:119 rtx/90000
a=fmtp:119 apt=118
a=rtpmap:120 ulpfec/90000
a=ssrc-group:FID 1571841337 229528903
a=ssrc:1571841337 cname:bwpLgLBjuw3/xNbA
a=ssrc:1571841337 msid:a37f7c5f-cedb-4172-a121-8fa0c7d58be1 ef8dab64-0cc3-496e-b4ed-beb2343f2d3b
a=ssrc:229528903 cname:bwpLgLBjuw3/xNbA
a=ssrc:229528903 msid:a37f7c5f-cedb-4172-a121-8fa0c7d58be1 ef8dab64-0cc3-496e-b4ed-beb2343f2d3b
`),
    candidates: [
      {
        candidate:
          'candidate:876745990 1 udp 2122194687 127.0.0.1 57900 typ host generation 0 ufrag fy8o network-id 3 network-cost 50',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:3635925998 1 udp 2122063615 192.0.2.2 56618 typ host generation 0 ufrag fy8o network-id 1',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:796476409 1 udp 2122267903 ::1 52737 typ host generation 0 ufrag fy8o network-id 4 network-cost 50',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'fy8o',
      },
      {
        candidate: 'candidate:3340729066 1 udp 2122134271 fd00::2 57393 typ host generation 0 ufrag fy8o network-id 2',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:876745990 1 udp 2122194687 127.0.0.1 46701 typ host generation 0 ufrag fy8o network-id 3 network-cost 50',
        sdpMid: '1',
        sdpMLineIndex: 1,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:3635925998 1 udp 2122063615 192.0.2.2 43216 typ host generation 0 ufrag fy8o network-id 1',
        sdpMid: '1',
        sdpMLineIndex: 1,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:796476409 1 udp 2122267903 ::1 49594 typ host generation 0 ufrag fy8o network-id 4 network-cost 50',
        sdpMid: '1',
        sdpMLineIndex: 1,
        usernameFragment: 'fy8o',
      },
      {
        candidate: 'candidate:3340729066 1 udp 2122134271 fd00::2 51647 typ host generation 0 ufrag fy8o network-id 2',
        sdpMid: '1',
        sdpMLineIndex: 1,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:1255944203 1 tcp 1518214911 127.0.0.1 9 typ host tcptype active generation 0 ufrag fy8o network-id 3 network-cost 50',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:2787768035 1 tcp 1518083839 192.0.2.2 9 typ host tcptype active generation 0 ufrag fy8o network-id 1',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:1374119668 1 tcp 1518288127 ::1 9 typ host tcptype active generation 0 ufrag fy8o network-id 4 network-cost 50',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:3112263655 1 tcp 1518154495 fd00::2 9 typ host tcptype active generation 0 ufrag fy8o network-id 2',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:1255944203 1 tcp 1518214911 127.0.0.1 9 typ host tcptype active generation 0 ufrag fy8o network-id 3 network-cost 50',
        sdpMid: '1',
        sdpMLineIndex: 1,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:2787768035 1 tcp 1518083839 192.0.2.2 9 typ host tcptype active generation 0 ufrag fy8o network-id 1',
        sdpMid: '1',
        sdpMLineIndex: 1,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:1374119668 1 tcp 1518288127 ::1 9 typ host tcptype active generation 0 ufrag fy8o network-id 4 network-cost 50',
        sdpMid: '1',
        sdpMLineIndex: 1,
        usernameFragment: 'fy8o',
      },
      {
        candidate:
          'candidate:3112263655 1 tcp 1518154495 fd00::2 9 typ host tcptype active generation 0 ufrag fy8o network-id 2',
        sdpMid: '1',
        sdpMLineIndex: 1,
        usernameFragment: 'fy8o',
      },
    ],
  },
  answer: {
    by: 'Firefox 153',
    sdp: sdp(`
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 4471751204167754206 0 IN IP4 0.0.0.0
s=-
t=0 0
a=extmap-allow-mixed
a=fingerprint:sha-256 D0:36:CB:9C:1F:D3:62:7D:F6:DC:55:09:C5:83:6D:D5:8F:54:0C:B3:77:A4:28:21:E2:03:A3:DC:9B:87:B9:4A
a=group:BUNDLE 0 1
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8 126
c=IN IP4 0.0.0.0
a=sendrecv
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap-allow-mixed
a=fmtp:111 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:126 0-15
a=ice-pwd:e0b4b6d0477a69a6eaf568bcccb748a8
a=ice-ufrag:1b4466ec
a=mid:0
a=msid:{60eac4d5-62d9-4caa-8361-bd5b47a67f77} {63f03016-6aca-4307-b227-ffa6662fa024}
a=rtcp-fb:111 transport-cc
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtpmap:9 G722/8000/1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:126 telephone-event/8000/1
a=setup:active
a=ssrc:1941767630 cname:{299bb2e5-7399-4c44-a239-4ecab2425212}
m=video 9 UDP/TLS/RTP/SAVPF 96 97 45 46 98 99 118 119 120
c=IN IP4 0.0.0.0
a=sendrecv
a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:5/recvonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap-allow-mixed
a=fmtp:96 max-fs=12288;max-fr=60
a=fmtp:97 apt=96
a=fmtp:46 apt=45
a=fmtp:98 max-fs=12288;max-fr=60
a=fmtp:99 apt=98
a=fmtp:119 apt=118
a=ice-pwd:e0b4b6d0477a69a6eaf568bcccb748a8
a=ice-ufrag:1b4466ec
a=mid:1
a=msid:{60eac4d5-62d9-4caa-8361-bd5b47a67f77} {379d3db3-6fd7-4017-a393-2694a9e6256a}
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:45 nack
a=rtcp-fb:45 nack pli
a=rtcp-fb:45 ccm fir
a=rtcp-fb:45 goog-remb
a=rtcp-fb:45 transport-cc
a=rtcp-fb:98 nack
a=rtcp-fb:98 nack pli
a=rtcp-fb:98 ccm fir
a=rtcp-fb:98 goog-remb
a=rtcp-fb:98 transport-cc
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtpmap:97 rtx/90000
a=rtpmap:45 AV1/90000
a=rtpmap:46 rtx/90000
a=rtpmap:98 VP9/90000
a=rtpmap:99 rtx/90000
a=rtpmap:118 red/90000
a=rtpmap:119 rtx/90000
a=rtpmap:120 ulpfec/90000
a=setup:active
a=ssrc:3634625718 cname:{299bb2e5-7399-4c44-a239-4ecab2425212}
a=ssrc:1480895917 cname:{299bb2e5-7399-4c44-a239-4ecab2425212}
a=ssrc-group:FID 3634625718 1480895917
`),
    candidates: [
      {
        candidate: 'candidate:0 1 UDP 2122187007 0436a80c-4fda-4970-80a0-289d3fb1a994.local 44861 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '1b4466ec',
      },
      {
        candidate: 'candidate:1 1 UDP 2122252543 467eb8e9-1146-47d7-bd73-d5875190c2fc.local 48927 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '1b4466ec',
      },
      {
        candidate: 'candidate:2 1 TCP 2105458943 0436a80c-4fda-4970-80a0-289d3fb1a994.local 9 typ host tcptype active',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '1b4466ec',
      },
      {
        candidate: 'candidate:3 1 TCP 2105524479 467eb8e9-1146-47d7-bd73-d5875190c2fc.local 9 typ host tcptype active',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '1b4466ec',
      },
      {
        candidate: '',
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment: '1b4466ec',
      },
    ],
  },
};
