import { ANSWER, candidate, OFFER } from '../e2e/session-descriptions.ts';
import type { Dice } from './dice.ts';
import { hostileJson } from './hostile-value.ts';
import { mutate, spoil } from './mutate.ts';

const CANDIDATES = [
  candidate(1).candidate,
  'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.17 rport 46154 generation 0 ufrag EEtu',
  'candidate:1 1 TCP 1518280447 8d3f6a1c-1c1c-4b3e-9c0c-2f8d6f0a7a11.local 9 typ host tcptype active',
  'candidate:3 1 udp 41885439 2001:db8::7 50000 typ relay raddr :: rport 0',
  '',
];
const LINES = [
  'a=candidate:1 1 udp 1 192.0.2.1 9 typ host',
  'a=ice-pwd:',
  'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP6 ::1',
  'a=\u0000',
  'a=x\u001b[2J',
  'a=mid:\ud800',
  'a='.padEnd(33_000, 'y'),
  'v=0',
  '',
];

/** What the two ends of a live call send each other, changed in a place or two; all but what would end the call. */
export function hostileSignal(callId: string, to: string, dice: Dice): string {
  const [event, payload] = signal(callId, to, dice);
  const mutant = dice.chance(0.5) ? mutate(payload, dice) : payload;
  return `42${dice.pick(['', '1', '77'])}${hostileJson([event, mutant])}`;
}

function signal(callId: string, to: string, dice: Dice): [event: string, payload: object] {
  switch (dice.int(6)) {
    case 0:
      return ['session_description', { callId, description: { ...dice.pick([OFFER, ANSWER]), sdp: sdp(dice) } }];
    case 1:
      return ['ice_candidates', { callId, candidates: [oneCandidate(dice), oneCandidate(dice)] }];
    case 2:
      return ['call_info', { callId, data: mutate({ muted: [true, { deep: [1] }], text: 'x' }, dice) }];
    case 3:
      return ['call_user', { to, callId: 'another', callType: 'video', offer: { ...OFFER, sdp: sdp(dice) } }];
    case 4:
      return ['accept_call', { callId, answer: { ...ANSWER, sdp: sdp(dice) } }];
    default:
      return ['ice_candidate', { to, callId, candidate: oneCandidate(dice) }];
  }
}

function oneCandidate(dice: Dice): object {
  const line = dice.pick(CANDIDATES);
  const fields = line.split(' ');
  const words = dice.pick([fields, fields.toReversed(), fields.slice(dice.int(4)), [...fields, ...fields]]).join(' ');
  const text = dice.pick([line, words, spoil(line, dice), line.replaceAll(' ', '  '), line.padEnd(1_030, 'z')]);
  return { ...candidate(1), candidate: text };
}

/** A description with lines lost, doubled, moved, spoilt or added, and line ends of every kind. */
function sdp(dice: Dice): string {
  const lines = OFFER.sdp.split('\r\n');
  const at = 1 + dice.int(lines.length - 1);
  const line = lines[at] ?? '';
  const put = dice.pick([[], [line, line], [spoil(line, dice)], [dice.pick(LINES), line], [line.toUpperCase()]]);
  const mutant = lines.toSpliced(at, 1, ...put);
  return (dice.chance(0.1) ? mutant.toReversed() : mutant).join(dice.pick(['\r\n', '\r\n', '\n', '\r', '\u2028']));
}
