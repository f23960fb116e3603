import { tokenFor } from '../../token.js';
import { peerJs } from './peerjs.js';
import type { Protocol } from './protocol.js';
import { readAs, signaling } from './signaling.js';
import { signaling2 } from './signaling-2.js';
import { eventPacket } from './socketio-packets.js';
import { socketIoRelay } from './socketio-relay.js';
import { wsRelay } from './ws-relay.js';

/** Every protocol that the driver speaks. */
export const PROTOCOLS = {
  'ws-relay': wsRelay,
  'socketio-relay': socketIoRelay,
  peerjs: peerJs,
  signaling,
  /** With a token in `join`. */
  'signaling-token': {
    ...signaling,
    read: readAs((self) =>
      eventPacket('join', `{"id":"${self.id}","username":"${self.name}","token":"${tokenFor(self)}"}`),
    ),
  },
  /** Without presence. */
  'signaling-2': signaling2({ presence: 'none', isAcknowledged: true }),
  'signaling-2-unacknowledged': signaling2({ presence: 'none', isAcknowledged: false }),
  /** Each candidate by itself, as legacy clients send them. */
  'signaling-2-single': signaling2({ presence: 'none', isAcknowledged: false, isBatching: false }),
  'signaling-2-delta': signaling2({ presence: 'delta', isAcknowledged: true }),
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof PROTOCOLS;
