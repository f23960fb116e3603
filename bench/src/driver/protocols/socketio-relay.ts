import type { Incoming, Protocol } from './protocol.js';
import { eventPacket, readPacket, SOCKETIO_PATH, stringField } from './socketio-packets.js';

const MEANINGS: Record<string, Incoming> = {
  call_user: { kind: 'offer', callId: '' },
  accept_call: { kind: 'answer' },
  ice_candidate: { kind: 'candidate' },
  end_call: { kind: 'end' },
};

/** Events to the socket that `to` names; a user's address is the socket id. */
export const socketIoRelay: Protocol = {
  path: () => SOCKETIO_PATH,
  call: ({ peer }, offer) => eventPacket('call_user', `{"to":"${peer.address}","offer":${offer}}`),
  accept: ({ peer }, answer) => eventPacket('accept_call', `{"to":"${peer.address}","answer":${answer}}`),
  candidate: ({ peer }, candidate) => eventPacket('ice_candidate', `{"to":"${peer.address}","candidate":${candidate}}`),
  end: ({ peer }) => eventPacket('end_call', `{"to":"${peer.address}"}`),
  read: (text) =>
    readPacket(
      text,
      (connected) => ({ kind: 'joined', address: stringField(connected, 'sid') }),
      (event) => MEANINGS[event] ?? { kind: 'nothing' },
    ),
};
