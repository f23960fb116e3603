import type { CallId, UserId } from '../../src/domain/ids.ts';
import type { Phone } from './phone.ts';

export type WordKind = 'candidate' | 'candidates' | 'info' | 'description';

/** One numbered thing that a device sent, whatever the event: the numbers of one sender only grow. */
interface Word {
  sender: Phone;
  to: UserId;
}

/** All that was ever said, so that whoever hears a number can tell whose it is. */
export class Words {
  readonly #said: Word[] = [];

  /** The last number given. */
  get last(): number {
    return this.#said.length;
  }

  say(word: Word): number {
    return this.#said.push(word);
  }

  of(number: number): Word | undefined {
    return this.#said[number - 1];
  }
}

function candidateOf(number: number) {
  return { candidate: `candidate:${number} 1 udp 1 192.0.2.1 9 typ host`, sdpMid: '0' };
}

/** What to send in order to say the numbers; only `candidates` says more than one. */
export function wording(kind: WordKind, { to, callId }: { to: UserId; callId?: CallId }, numbers: number[]) {
  const [first = 0] = numbers;
  const call = callId === undefined ? {} : { callId };
  switch (kind) {
    case 'candidate':
      return { event: 'ice_candidate', payload: { to, candidate: candidateOf(first), ...call } };
    case 'candidates':
      return { event: 'ice_candidates', payload: { candidates: numbers.map(candidateOf), ...call } };
    case 'info':
      return { event: 'call_info', payload: { data: { number: first }, ...call } };
    case 'description':
      return {
        event: 'session_description',
        payload: { description: { type: 'offer', sdp: `v=0\r\ns=${first}\r\n` }, ...call },
      };
  }
}

/** @returns the numbers that an event says; none when it is no word */
export function numbersIn(event: string, payload: object): number[] {
  const { candidate, candidates, data, description } = Object(payload);
  switch (event) {
    case 'ice_candidate':
      return [numberOf(candidate)];
    case 'ice_candidates':
      return candidates.map(numberOf);
    case 'call_info':
      return [data.number];
    case 'session_description':
      return [Number(/^s=(\d+)/m.exec(description.sdp)?.[1])];
    default:
      return [];
  }
}

function numberOf(candidate: unknown): number {
  return Number(/^candidate:(\d+) /.exec(String(Object(candidate).candidate))?.[1]);
}
