import type { Incoming, Leg, Protocol } from './protocol.js';

const MEANINGS: Record<string, Incoming> = {
  OPEN: { kind: 'joined' },
  OFFER: { kind: 'offer', callId: '' },
  ANSWER: { kind: 'answer' },
  CANDIDATE: { kind: 'candidate' },
  LEAVE: { kind: 'end' },
  ERROR: { kind: 'refusal' },
  EXPIRE: { kind: 'refusal' },
  'ID-TAKEN': { kind: 'refusal' },
};

/** PeerJS's own messages. `type` goes first: its server keeps that order. */
export const peerJs: Protocol = {
  path: ({ id }) => `/peerjs?key=peerjs&id=${id}&token=${id}&version=1.5.5`,
  call: (leg, offer) => message('OFFER', leg, `"sdp":${offer},"type":"media"`),
  accept: (leg, answer) => message('ANSWER', leg, `"sdp":${answer},"type":"media"`),
  candidate: (leg, candidate) => message('CANDIDATE', leg, `"candidate":${candidate},"type":"media"`),
  end: ({ peer }) => `{"type":"LEAVE","dst":"${peer.address}"}`,
  read: (text) => MEANINGS[text.slice(9, text.indexOf('"', 9))] ?? { kind: 'nothing' },
};

function message(type: string, { peer }: Leg, payload: string): string {
  return `{"type":"${type}","dst":"${peer.address}","payload":{${payload},"connectionId":"mc_k2j9x8"}}`;
}
