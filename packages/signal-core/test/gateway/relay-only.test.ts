import wrtc from '@roamhq/wrtc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relayAddresses } from '../../src/gateway/relay-addresses.ts';
import { relayOnlyCandidate, relayOnlyDescription } from '../../src/gateway/relay-only.ts';
import { descriptionSchema } from '../../src/protocol/signal.ts';
import { CANDIDATES } from '../corpus/candidates.ts';
import { DESCRIPTIONS } from '../corpus/descriptions.ts';
import { scaled } from '../domain/scale.ts';

const RELAY = 'candidate:7 1 udp 41820159 9.9.9.9 51234 typ relay';
const mayBeRelay = relayAddresses({ iceServers: [] });
const shown = (candidate: string) => relayOnlyCandidate({ candidate, sdpMid: '0' }, mayBeRelay)?.candidate;
const shownSdp = (...lines: string[]) =>
  relayOnlyDescription({ type: 'offer' as const, sdp: ['v=0', ...lines, ''].join('\r\n') })
    .sdp.split('\r\n')
    .slice(1, -1);

describe('candidates', () => {
  it('[TURN-4] only relays pass, and the end of candidates in either form', () => {
    for (const { by, candidate, relay } of CANDIDATES) {
      expect([by, relayOnlyCandidate(candidate, mayBeRelay) !== undefined]).toEqual([by, relay]);
    }
    expect(relayOnlyCandidate(null, mayBeRelay)).toBe(null);
    expect(relayOnlyCandidate({ candidate: '' }, mayBeRelay)).toEqual({ candidate: '' });
  });

  it('[TURN-4] the related address and port are zeroed, and what browsers need is kept', () => {
    const tail = 'generation 1 ufrag hJoE network-id 1 network-cost 10';
    expect(shown(`${RELAY} raddr 203.0.113.7 rport 61015 ${tail}`)).toBe(`${RELAY} raddr 0.0.0.0 rport 0 ${tail}`);
    expect(shown(RELAY)).toBe(`${RELAY} raddr 0.0.0.0 rport 0`);
    const sixth = RELAY.replace('9.9.9.9', '2620:fe::9');
    expect(shown(`${sixth} raddr 2001:db8::1 rport 9`)).toBe(`${sixth} raddr :: rport 0`);
    expect(shown(`${sixth} raddr 10.0.0.1 rport 9`)).toBe(`${sixth} raddr :: rport 0`);
    expect(
      relayOnlyCandidate({ candidate: RELAY, sdpMid: 'a', sdpMLineIndex: 2, usernameFragment: 'u' }, mayBeRelay),
    ).toMatchObject({
      sdpMid: 'a',
      sdpMLineIndex: 2,
      usernameFragment: 'u',
    });
  });

  it('[TURN-4] a candidate has one type, at its place, and nothing else passes for it', () => {
    const host = 'candidate:7 1 udp 2122194687 192.168.1.23 51234';
    for (const line of [
      `${host} typ host typ relay`,
      `${host} typ host raddr 0.0.0.0 rport 0 typ relay`,
      `${host} typ host generation 0 typ relay`,
      `${host} x typ relay`,
      `${host}  typ relay`,
      `${host}\ttyp relay`,
      `${host} typ  relay`,
      `${host} typ relayed`,
      `${host} typ relay\u00a0`,
      `${host} typ\u00a0relay`,
      'candidate:7 1 udp 2122194687 typ relay 51234 typ host',
      'candidate:7 1 udp 2122194687 host.example 51234 typ relay',
      'candidate:7 1 udp 2122194687 005cedb2-cebd-4bba-b5db-ab681b52302e.local 51234 typ relay',
      'candidate:7 1 udp 2122194687 1.2.3 51234 typ relay',
      'candidate:7 1 udp 2122194687 1.2.3.4 65536 typ relay',
      'candidate:7 1 udp 2122194687 fe80::1%eth0 51234 typ relay',
      'candidate:typ relay',
      'candidate:',
      ` ${RELAY}`,
    ]) {
      expect([line, shown(line)]).toEqual([line, undefined]);
    }
    expect(shown(`${RELAY} raddr 0.0.0.0 rport 0 typ host`)).toBe(`${RELAY} raddr 0.0.0.0 rport 0`);
    expect(shown(RELAY.replace('typ relay', 'TYP Relay'))).toBe(`${RELAY} raddr 0.0.0.0 rport 0`);
  });

  it('[TURN-4] extensions that could hold an address go', () => {
    const hidden = [
      'raddr 10.0.0.5',
      'rport 5',
      'x-lan 10.0.0.5',
      'generation 10.0.0.5',
      'ufrag fd00::5',
      'network-id ',
    ];
    expect(shown(`${RELAY} ${hidden.join(' ')} generation 0`)).toBe(`${RELAY} raddr 0.0.0.0 rport 0 generation 0`);
  });
});

describe('what a candidate says beside', () => {
  it('[TURN-4] names no address, and the sections as the description does', () => {
    const fields = { sdpMid: '10.0.0.5', sdpMLineIndex: 0, usernameFragment: '192.168.1.9' };
    const scrubbed = { sdpMid: '0.0.0.0', sdpMLineIndex: 0, usernameFragment: '0.0.0.0' };
    for (const candidate of [RELAY, '']) {
      expect(relayOnlyCandidate({ candidate, ...fields }, mayBeRelay)).toMatchObject(scrubbed);
    }
    expect(shownSdp('a=mid:10.0.0.5')).toEqual(['a=mid:0.0.0.0']);
    const browsers = { candidate: '', sdpMid: 'audio', sdpMLineIndex: null, usernameFragment: null };
    expect(relayOnlyCandidate(browsers, mayBeRelay)).toEqual(browsers);
  });
});

describe('descriptions', () => {
  it('[TURN-4] lines that are about candidates go, however they are written', () => {
    const line = 'candidate:1 1 udp 1 10.0.0.5 9 typ host';
    expect(
      shownSdp(
        `a=${line}`,
        `A=${line}`,
        ` a=${line}`,
        `\ta=${line}`,
        `a= ${line}`,
        `a=\t${line}`,
        `a=Candidate${line.slice(9)}`,
        'a=candidate',
        'a=end-of-candidates',
        'a=remote-candidates:1 10.0.0.5 9',
        `a =${line}`,
        line,
        '',
        'a=mid:0',
      ),
    ).toEqual(['a=mid:0']);
  });

  it('[TURN-4] addresses and ports of the parties become nobody’s', () => {
    expect(shownSdp('o=- 42 2 IN IP4 10.0.0.5')).toEqual(['o=- 42 2 IN IP4 0.0.0.0']);
    expect(shownSdp('o=me@10.0.0.5 42 2 IN IP6 fd00::5')).toEqual(['o=- 42 2 IN IP4 0.0.0.0']);
    expect(shownSdp('c=IN IP4 10.0.0.5', 'c=IN IP6 fd00::5', 'c=IN IP4 host.example')).toEqual(
      Array.from({ length: 3 }, () => 'c=IN IP4 0.0.0.0'),
    );
    expect(shownSdp('m=audio 54931 RTP/AVP 0', 'm=audio 54931/2 RTP/AVP 0 8')).toEqual([
      'm=audio 9 RTP/AVP 0',
      'm=audio 9 RTP/AVP 0 8',
    ]);
    expect(shownSdp('a=rtcp:54932', 'a=rtcp:54932 IN IP4 10.0.0.5', 'a=rtcp-mux')).toEqual([
      'a=rtcp:9 IN IP4 0.0.0.0',
      'a=rtcp:9 IN IP4 0.0.0.0',
      'a=rtcp-mux',
    ]);
  });

  it('[TURN-4] a refused section stays refused', () => {
    expect(shownSdp('m=audio 0 RTP/AVP 0', 'm=audio 0/2 RTP/AVP 0')).toEqual([
      'm=audio 0 RTP/AVP 0',
      'm=audio 0 RTP/AVP 0',
    ]);
  });

  it('[TURN-4] addresses elsewhere go too, and fingerprints stay', () => {
    const [fingerprint = ''] = /a=fingerprint:.*/.exec(DESCRIPTIONS[0]?.sdp ?? '') ?? [];
    expect(
      shownSdp(
        fingerprint,
        's=call from 10.0.0.5:5004',
        'a=fingerprint:sha-256 fd00::5',
        'a=node:2001:db8:1:2:3:4:5:6',
        'a=ssrc:1 cname:me@laptop.local',
      ),
    ).toEqual([fingerprint, 's=call from 0.0.0.0:5004', 'a=fingerprint:sha-256 ::', 'a=no::', 'a=ssrc:1 cname:me']);
  });

  it('[TURN-4] what cannot be read goes, and so does what hides behind an odd line end', () => {
    const line = 'a=candidate:1 1 udp 1 10.0.0.5 9 typ host';
    expect(shownSdp('c=10.0.0.5', 'o=10.0.0.5', 'm=10.0.0.5', 'm=audio', 'nonsense 10.0.0.5', '=', 'a=mid:0')).toEqual([
      'a=mid:0',
    ]);
    for (const end of ['\r', '\n', '\r\r\n', '\u2028', '\u2029', '\x85']) {
      expect(shownSdp(`a=mid:0${end}${line}${end}a=rtcp-mux`)).toEqual(['a=mid:0', 'a=rtcp-mux']);
    }
  });

  it('[TURN-4] of what browsers write, nothing changes but these lines', () => {
    for (const { type, sdp } of DESCRIPTIONS) {
      const kept = (text: string) =>
        text.split('\r\n').filter((line) => !/^(c|o|m)=|^a=(candidate|end-of|rtcp:)/.test(line));
      expect(kept(relayOnlyDescription({ type, sdp }).sdp)).toEqual(kept(sdp));
    }
  });

  it('[TURN-4] a rollback passes', () => {
    expect(relayOnlyDescription({ type: 'rollback' })).toEqual({ type: 'rollback' });
  });

  it('[TURN-4] lines that say who somebody is go, and of a CNAME the host', () => {
    expect(
      shownSdp(
        's=-',
        'i=the laptop of me',
        'u=http://laptop.lan/',
        'e=me@laptop.lan',
        'p=+1 555',
        'a=source-filter: incl IN IP4 * laptop.lan',
        'a=alt:1 1 : 0 0 laptop.lan 5000',
        'a=altitude:5',
        'a=ssrc:1 cname:me@laptop.lan',
        'a=ssrc:1 CNAME:me@laptop.lan',
        'a=cname:10.0.0.5@laptop.lan',
        'a=ssrc:1 cname:Q0bXm+/1',
        'a=x:me@conference',
      ),
    ).toEqual([
      's=-',
      'a=altitude:5',
      'a=ssrc:1 cname:me',
      'a=ssrc:1 CNAME:me',
      'a=cname:0.0.0.0',
      'a=ssrc:1 cname:Q0bXm+/1',
      'a=x:me@conference',
    ]);
  });
});

describe('the work', () => {
  /** Milliseconds, the best of several runs. */
  function best(work: () => unknown): number {
    const runs = Array.from({ length: 12 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    });
    return Math.min(...runs);
  }
  const HOSTILE: [text: string, start?: string][] = [
    ['a'],
    ['-'],
    ['a-'],
    ['aaa.'],
    ['-.local'],
    ['.local'],
    ['1'],
    ['1.'],
    ['111.'],
    [':'],
    ['a:'],
    ['aa:', 'a=fingerprint:sha-256 '],
    ['-', 'a=fingerprint:'],
    ['cname:'],
    ['@', 'a=ssrc:1 cname:'],
    ['x', 'o='],
    ['x ', 'o='],
    ['@', 'o='],
    ['-', 'm='],
    ['1', 'm=audio '],
    ['/1', 'm=audio 9'],
    [' ', 'c=IN'],
    ['a=\r\n', ''],
    ['a=x:.\r\n', ''],
    ['\u2028', ''],
    ['\u00a0', 'a='],
  ];

  const LENGTH = 32_000;
  const took = (start: string, text: string) => {
    const sdp = `v=0\r\n${start}${text.repeat(Math.ceil(LENGTH / text.length))}`.slice(0, LENGTH);
    return best(() => relayOnlyDescription({ type: 'offer', sdp }));
  };

  it.each(HOSTILE)('[TURN-4] is that of what browsers write, for a description of %j', (text, start = 'a=x:.') => {
    const browser = took('', DESCRIPTIONS[1]?.sdp.slice('v=0\r\n'.length) ?? '');
    // one that grows with the square of the length takes a thousand times as long
    expect(took(start, text)).toBeLessThan(100 * browser);
  });

  it.each([' a b', ' ', ' a', ' raddr a rport b', ' generation 0', ' ufrag '])(
    '[TURN-4] is little for a candidate, whatever follows its type: %j',
    (text) => {
      const candidate = `${RELAY}${text.repeat(960 / text.length)}\t`;
      expect(best(() => shown(candidate))).toBeLessThan(1);
    },
  );
});

describe('the relay', () => {
  const mayBe = (urls: string[], address: string) =>
    relayAddresses({ iceServers: [{ urls: 'stun:127.0.0.1' }], turn: { urls } })(address);
  const PUBLIC = ['9.9.9.9', '172.32.0.1', '2620:fe::9', '::ffff:9.9.9.9'];
  const LOCAL = ['127.0.0.1', '10.0.0.5', '172.16.0.1', '192.168.1.7', '::1', 'fd00::5', '::ffff:10.0.0.5'];
  const NOWHERE = [
    ...[
      '0.0.0.0',
      '100.64.0.1',
      '169.254.169.254',
      '192.0.2.1',
      '198.51.100.9',
      '203.0.113.7',
      '224.0.0.1',
      '240.0.0.1',
    ],
    ...[
      '255.255.255.255',
      '::',
      'fe80::1',
      'fec0::1',
      'ff02::1',
      '2001:db8::1',
      '2002:a00:5::',
      '64:ff9b::a00:5',
      '100::1',
    ],
    ...['::ffff:169.254.169.254'],
  ];

  it('[TURN-4] stands on the public internet', () => {
    for (const address of PUBLIC) expect([address, mayBe(['turn:turn.example'], address)]).toEqual([address, true]);
    for (const address of [...LOCAL, ...NOWHERE]) {
      expect([address, mayBe(['turn:turn.example'], address)]).toEqual([address, false]);
      expect(shown(RELAY.replace('9.9.9.9', address))).toBe(undefined);
    }
  });

  it.each([
    'turn:127.0.0.1:3478?transport=udp',
    'turn:localhost',
    'turns:LOCALHOST:5349',
    'turn:10.1.2.3',
    'turn:[::1]:3478',
    'turn:[fd00::1]',
  ])('[TURN-4] or on this network, when that is where the TURN server is: %s', (url) => {
    const urls = ['turn:turn.example', url];
    for (const address of [...PUBLIC, ...LOCAL]) expect([address, mayBe(urls, address)]).toEqual([address, true]);
    for (const address of NOWHERE) expect([address, mayBe(urls, address)]).toEqual([address, false]);
  });
});

describe('any address, anywhere', () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6().filter((text) => text !== '::' && text !== '0.0.0.0'),
  );
  const place = fc.constantFrom(
    (at: string) => `a=candidate:1 1 udp 1 ${at} 9 typ host`,
    (at: string) => `a=candidate:1 1 udp 1 9.9.9.9 9 typ relay raddr ${at} rport 5`,
    (at: string) => `c=IN IP4 ${at}`,
    (at: string) => `c=IN IP6 ${at}/127`,
    (at: string) => `o=${at} 1 1 IN IP4 ${at}`,
    (at: string) => `a=rtcp:9 IN IP4 ${at}`,
    (at: string) => `a=x-${at}:${at}`,
    (at: string) => `s=${at},${at}`,
    (at: string) => `m=audio 9 RTP/AVP ${at}`,
    (at: string) => `  ${at}`,
    (at: string) => `${at}=${at}`,
    (at: string) => `i=${at}`,
    (at: string) => `u=http://${at}/`,
    (at: string) => `a=ssrc:1 cname:${at}@${at}`,
    (at: string) => `a=source-filter: incl IN IP4 * ${at}`,
    (at: string) => `a=alt:1 1 : 0 0 ${at} 5000`,
  );
  const end = fc.constantFrom('\r\n', '\n', '\r', '\u2028');

  it('[TURN-4] of the addresses in a description none is in what the peer gets', () => {
    const lines = fc.array(fc.tuple(address, place, end), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lines, (all) => {
        const sdp = `v=0\r\n${all.map(([at, write, eol]) => write(at) + eol).join('')}`;
        const out = relayOnlyDescription({ type: 'answer', sdp }).sdp;
        // as a whole: that `1.1.1.1` is also a part of `11.1.1.12` says nothing
        const words = out.split(/[^\da-f.:]+/i).map((word) => word.replace(/^:|:$/g, ''));
        for (const [at] of all) if (!/^[0.:]+$/.test(at)) expect(words).not.toContain(at);
        expect(descriptionSchema.safeParse({ type: 'answer', sdp: out }).success).toBe(true);
        expect(relayOnlyDescription({ type: 'answer', sdp: out }).sdp).toBe(out);
      }),
      { numRuns: scaled(2_000, 20_000) },
    );
  });

  it('[TURN-4] of the addresses in a candidate only the relay’s is in what the peer gets', () => {
    const write = fc.constantFrom(
      (relay: string, at: string) => `candidate:1 1 udp 1 ${relay} 9 typ relay raddr ${at} rport 5 generation 0`,
      (relay: string, at: string) => `candidate:1 1 udp 1 ${relay} 9 typ relay rport 5 raddr ${at}`,
      (relay: string, at: string) => `candidate:1 1 udp 1 ${relay} 9 typ relay x ${at} ${at} y ufrag ${at}`,
      (relay: string, at: string) => `candidate:1 1 udp 1 ${at} 9 typ host raddr ${relay} rport 1 typ relay`,
      (relay: string, at: string) => `candidate:${at} 1 udp 1 ${relay} 9 typ relay`,
    );
    fc.assert(
      fc.property(address, address, write, (relay, at, line) => {
        fc.pre(relay !== at);
        const beside = { sdpMid: at, usernameFragment: at };
        const out = relayOnlyCandidate({ candidate: line(relay, at), ...beside }, () => true);
        const words = out?.candidate.split(' ') ?? [];
        const all = [...words, out?.sdpMid, out?.usernameFragment];
        if (!['0.0.0.0', '::'].includes(at)) expect(all).not.toContain(at);
        expect(words.length === 0 || words.includes(relay)).toBe(true);
      }),
      { numRuns: scaled(2_000, 20_000) },
    );
  });
});

describe('a real peer', () => {
  const Peer = wrtc.RTCPeerConnection;

  it.each(DESCRIPTIONS.filter(({ type }) => type === 'offer'))(
    '[TURN-4] takes the offer of $by, and answers it',
    async ({ sdp }) => {
      const pc = new Peer();
      try {
        await pc.setRemoteDescription(relayOnlyDescription({ type: 'offer', sdp }));
        expect((await pc.createAnswer()).sdp).toMatch(/^m=/m);
      } finally {
        pc.close();
      }
    },
  );

  it('[TURN-4] takes the candidates that pass', async () => {
    const pc = new Peer();
    try {
      const [first] = DESCRIPTIONS;
      await pc.setRemoteDescription(relayOnlyDescription({ type: 'offer', sdp: first?.sdp ?? '' }));
      for (const { candidate, relay } of CANDIDATES) {
        if (!relay || candidate.candidate === '') continue;
        const passed = {
          ...relayOnlyCandidate(candidate, mayBeRelay),
          sdpMid: '0',
          sdpMLineIndex: 0,
          usernameFragment: null,
        };
        await pc.addIceCandidate(passed);
      }
    } finally {
      pc.close();
    }
  });

  it('[TURN-4] takes an answer to its own offer', async () => {
    const [caller, callee] = [new Peer(), new Peer()];
    try {
      caller.createDataChannel('x');
      caller.addTransceiver('audio');
      const offer = await caller.createOffer();
      await caller.setLocalDescription(offer);
      await callee.setRemoteDescription(relayOnlyDescription({ type: 'offer', sdp: offer.sdp ?? '' }));
      const answer = await callee.createAnswer();
      await caller.setRemoteDescription(relayOnlyDescription({ type: 'answer', sdp: answer.sdp ?? '' }));
      expect(caller.signalingState).toBe('stable');
    } finally {
      caller.close();
      callee.close();
    }
  });
});
