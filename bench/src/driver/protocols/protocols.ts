import { peerJs } from './peerjs.js';
import type { Protocol } from './protocol.js';
import { signaling } from './signaling.js';
import { socketIoRelay } from './socketio-relay.js';
import { wsRelay } from './ws-relay.js';

/** Every protocol that the driver speaks. */
export const PROTOCOLS = {
  'ws-relay': wsRelay,
  'socketio-relay': socketIoRelay,
  peerjs: peerJs,
  signaling,
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof PROTOCOLS;
