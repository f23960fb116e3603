import type { Incoming, Protocol } from './protocol.js';

const MEANINGS: Record<string, Incoming> = {
  joined: { kind: 'joined' },
  offer: { kind: 'offer', callId: '' },
  answer: { kind: 'answer' },
  candidate: { kind: 'candidate' },
  end: { kind: 'end' },
};

/** JSON messages with a recipient: `{"type":"offer","to":"u1","description":{…}}`. */
export const wsRelay: Protocol = {
  path: ({ id }) => `/?id=${id}`,
  call: ({ peer }, offer) => `{"type":"offer","to":"${peer.address}","description":${offer}}`,
  accept: ({ peer }, answer) => `{"type":"answer","to":"${peer.address}","description":${answer}}`,
  candidate: ({ peer }, candidate) => `{"type":"candidate","to":"${peer.address}","candidate":${candidate}}`,
  end: ({ peer }) => `{"type":"end","to":"${peer.address}"}`,
  read: (text) => MEANINGS[text.slice(9, text.indexOf('"', 9))] ?? { kind: 'nothing' },
};
