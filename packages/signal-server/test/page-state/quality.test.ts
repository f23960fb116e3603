import { expect, test } from 'vitest';
import { measure, type Stat } from '../../page/src/state/quality.ts';
import { qualityGrade, qualityWords } from '../../page/src/state/quality-words.ts';
import { videoMids } from '../../page/src/state/video-mids.ts';

const LOCAL = { id: 'l', type: 'local-candidate', candidateType: 'srflx', protocol: 'udp' };
const REMOTE = { id: 'r', type: 'remote-candidate', candidateType: 'relay' };
const pair = (values: object): Stat => ({
  id: 'p',
  type: 'candidate-pair',
  localCandidateId: 'l',
  remoteCandidateId: 'r',
  ...values,
});
const TRANSPORT = { type: 'transport', selectedCandidatePairId: 'p' };

test('[PAGE-5] what is shown is what changed since the last look', () => {
  const before = { at: 1_000, bytesSent: 1_000, bytesReceived: 500, packetsReceived: 100, packetsLost: 3 };
  const stats = [
    TRANSPORT,
    LOCAL,
    REMOTE,
    { id: 'other', type: 'candidate-pair', bytesSent: 9e9, nominated: true, state: 'succeeded' },
    pair({ currentRoundTripTime: 0.042, bytesSent: 251_000, bytesReceived: 125_500 }),
    { type: 'inbound-rtp', packetsReceived: 150, packetsLost: 2 },
    { type: 'inbound-rtp', packetsReceived: 48, packetsLost: 3 },
  ];
  const { sample, quality } = measure(stats, 3_000, before);
  expect(sample).toEqual({
    at: 3_000,
    bytesSent: 251_000,
    bytesReceived: 125_500,
    packetsReceived: 198,
    packetsLost: 5,
  });
  expect(quality).toEqual({
    roundTripMs: 42,
    lossPercent: 2,
    sentKbps: 1_000,
    receivedKbps: 500,
    pair: 'srflx – relay, udp',
  });
  expect(qualityWords(quality)).toEqual([
    ['Round trip', '42 ms'],
    ['Loss', '2.0 %'],
    ['Bitrate', '↑ 1.0 Mbit/s  ↓ 500 kbit/s'],
    ['Candidate pair', 'srflx – relay, udp'],
  ]);
});

test('[PAGE-5] what is not known is shown as such: nothing connected, the first look, another pair', () => {
  expect(measure([], 0, undefined).quality).toEqual({});
  expect(qualityWords({}).map(([, value]) => value)).toEqual(['–', '–', '↑ –  ↓ –', '–']);
  const first = measure([pair({ nominated: true, state: 'succeeded', bytesSent: 10 })], 0, undefined);
  expect(first.quality).toEqual({ pair: 'unknown – unknown, udp' });
  const { quality } = measure([TRANSPORT, pair({ bytesSent: 5 })], 1_000, first.sample);
  expect(quality).toMatchObject({ sentKbps: 0 });
});

test('[PAGE-5] what a person notices of it has a grade', () => {
  expect(qualityGrade({})).toBe(0);
  expect(qualityGrade({ roundTripMs: 20 })).toBe(3);
  expect(qualityGrade({ roundTripMs: 20, lossPercent: 2 })).toBe(2);
  expect(qualityGrade({ roundTripMs: 500 })).toBe(1);
});

test('[PAGE-9] the places of camera and screen are the video m-lines, in their order', () => {
  const sdp = [
    'v=0',
    'm=audio 9',
    'a=mid:a',
    'm=video 9',
    'a=mid:x1',
    'm=application 9',
    'a=mid:d',
    'm=video 9',
    'a=mid:0',
  ];
  expect(videoMids(`${sdp.join('\r\n')}\r\n`)).toEqual(['x1', '0']);
  expect(videoMids('')).toEqual([]);
});
