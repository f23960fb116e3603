import type { Incoming, Protocol, User } from './protocol.js';
import { eventPacket, readPacket, SOCKETIO_PATH, stringField } from './socketio-packets.js';

const MEANINGS: Record<string, Incoming> = {
  join_success: { kind: 'joined' },
  users_updated: { kind: 'users' },
  presence_changed: { kind: 'changes' },
  call_accepted: { kind: 'answer' },
  ice_candidate: { kind: 'candidate' },
  ice_candidates: { kind: 'candidate' },
  call_ended: { kind: 'end' },
  call_rejected: { kind: 'refusal' },
  signal_error: { kind: 'refusal' },
};

/** The protocol of SPEC.md as legacy clients speak it: no acknowledgements, no call id in candidates. */
export const signaling: Protocol = {
  path: () => SOCKETIO_PATH,
  call: ({ self, peer }, offer) =>
    eventPacket(
      'call_user',
      `{"to":"${peer.address}","from":{"id":"${self.id}","username":"${self.name}"},"callType":"video","offer":${offer}}`,
    ),
  accept: ({ callId }, answer) => eventPacket('accept_call', `{"callId":"${callId}","answer":${answer}}`),
  candidate: ({ peer }, candidate) => eventPacket('ice_candidate', `{"to":"${peer.address}","candidate":${candidate}}`),
  end: ({ callId }) => eventPacket('end_call', `{"callId":"${callId}"}`),
  read: readAs((self) => eventPacket('join', `{"id":"${self.id}","username":"${self.name}"}`)),
};

/**
 * Reads what the server sends.
 *
 * @param join - what a user joins with
 */
export function readAs(join: (self: User) => string): Protocol['read'] {
  return (text, self) =>
    readPacket(
      text,
      () => ({ kind: 'handshake', text: join(self) }),
      (event, message) =>
        event === 'incoming_call'
          ? { kind: 'offer', callId: stringField(message, 'callId') }
          : (MEANINGS[event] ?? { kind: 'nothing' }),
    );
}
