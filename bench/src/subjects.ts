import type { ProtocolName } from './driver/protocols/protocols.js';

/** A server under measurement. */
export interface Subject {
  title: string;
  protocol: ProtocolName;
  /** Sends lists of the online users to the clients. */
  lists: boolean;
  /** Can hold the 5,000 connections of the idle scenario. */
  idle: boolean;
}

/** Every server that is measured, in the order of the tables. */
export const SUBJECTS = {
  ws: { title: 'bare `ws` relay', protocol: 'ws-relay', lists: false, idle: true },
  socketio: { title: 'bare Socket.IO relay', protocol: 'socketio-relay', lists: false, idle: true },
  peerjs: { title: 'PeerJS server', protocol: 'peerjs', lists: false, idle: false },
  legacy: { title: 'legacy server, re-created', protocol: 'signaling', lists: true, idle: false },
  ours: { title: '**signal-core**', protocol: 'signaling', lists: true, idle: true },
} as const satisfies Record<string, Subject>;

export type SubjectName = keyof typeof SUBJECTS;

// The keys of SUBJECTS are exactly the names.
export const SUBJECT_NAMES = Object.keys(SUBJECTS) as SubjectName[];
