import type { CallEnd, UserRef } from 'signal-core/client';
import type { DeviceProblem } from './device-words.js';
import type { Quality } from './quality.js';

export type CallType = 'video' | 'audio';

/** Everything that the page shows, as plain data. */
export type PageState = LoggedOut | Online;

export interface LoggedOut {
  at: 'login';
  /** What stands in the field at first. */
  name: string;
  isBusy: boolean;
  problem: string | undefined;
}

export interface Online {
  at: 'online';
  me: UserRef;
  /** Whether the server is there. */
  isLinked: boolean;
  /** Everybody else, by name. */
  people: readonly UserRef[];
  /** Who rings here, the first first. */
  incoming: readonly Incoming[];
  call: Call | undefined;
  notice: Notice | undefined;
}

export interface Incoming {
  id: string;
  peer: UserRef;
  callType: CallType;
}

/**
 * `preparing`: devices are asked for · `calling`: the server is asked · `ringing` · `connecting`: accepted ·
 * `connected`: media flows · `lost`: it stopped, and another path is looked for.
 */
export type Phase = 'preparing' | 'calling' | 'ringing' | 'connecting' | 'connected' | 'lost';

export interface Call {
  role: 'caller' | 'callee';
  peer: UserRef;
  callType: CallType;
  phase: Phase;
  /** Whether the other end has lost its server. */
  isPeerAway: boolean;
  isPeerMuted: boolean;
  mine: Mine;
  theirs: Theirs;
  problems: readonly DeviceProblem[];
  quality: Quality;
  /** Since it was connected. */
  seconds: number;
}

/** What this end sends. */
export interface Mine {
  microphone: 'on' | 'muted' | 'none';
  camera: boolean;
  screen: boolean;
}

/** What the other end sends to be seen. */
export interface Theirs {
  camera: boolean;
  screen: boolean;
}

/** What is said once there is no call any more. */
export type Notice =
  | { kind: 'ended'; peer: UserRef; text: string }
  /** It was not placed: it can be, with less. */
  | { kind: 'blocked'; peer: UserRef; callType: CallType; problems: readonly DeviceProblem[] };

export interface EndedHere {
  end: CallEnd;
  /** Whether a person ended it here. */
  isMine: boolean;
}
