import type { EndReason } from '../domain/end-reason.js';
import type { ErrorBody } from './errors.js';
import type { Json } from './json.js';
import type { IceCandidate, Renegotiation } from './signal.js';

export type { EndReason } from '../domain/end-reason.js';
export { END_REASONS } from '../domain/end-reason.js';

/** Who somebody is, by id and name. */
export interface UserRef {
  id: string;
  username: string;
}

/** A user as the lists show it. `socketId` is any one of the user's connections. */
export interface OnlineUser extends UserRef {
  isOnline: true;
  socketId: string;
}

/** A user as `GET /api/users` shows it. */
export interface KnownUser extends UserRef {
  isOnline: boolean;
  /** ISO time of the last sign of life. */
  lastSeen?: string;
}

/** An SDP offer or answer, as `RTCPeerConnection` takes it. */
export interface SessionDescription<Type extends 'offer' | 'answer'> {
  type: Type;
  sdp: string;
}

/** One of the user's live calls, as `join_success` lists them. */
export interface LiveCallInfo {
  callId: string;
  role: 'caller' | 'callee';
  status: 'ringing' | 'active';
  peer: UserRef;
  callType: 'video' | 'audio';
  /** Whether this device is an end of the call, or is rung for it. */
  here: boolean;
}

/** What changed in who is online, from one version of the list to a later one. */
export interface PresenceChange {
  /** Another one means that the list was lost, and versions of the former say nothing. */
  epoch: string;
  version: number;
  /** Who came online, or has another name now. */
  joined: UserRef[];
  /** The ids of those who went. */
  left: string[];
}

/** Everybody online at a version. */
export interface PresenceState {
  epoch: string;
  version: number;
  users: UserRef[];
}

/** How `RTCPeerConnection` finds a way between two clients. */
export interface IceServers {
  iceServers: { urls: string | string[]; username?: string; credential?: string }[];
  /** How long the credentials are good, in seconds; absent when they do not lapse. */
  ttlSeconds?: number;
}

/** Whether a call that a returning device named goes on without a gap. */
export interface ResumedCall {
  callId: string;
  /** `true`: all that was missed follows. `false`: nothing of it does, and ICE should be restarted. */
  recovered: boolean;
}

/** What a device learns when it has joined. */
export interface JoinSuccess {
  message: string;
  /** Everybody online, the joined user too; empty where `presenceChange` takes its place, and with `presence: 'none'`. */
  onlineUsers: OnlineUser[];
  /** What changed since `presenceSince`, when the server still knows. */
  presenceChange?: PresenceChange;
  /** Where this brings the device to, unless it is told of presence in full: what follows counts on from there. */
  presenceEpoch?: string;
  presenceVersion?: number;
  /** What the server speaks. */
  protocol: 2;
  /** Who the connection speaks for. */
  self: UserRef;
  /** The device's own id, or the one it was given: with it, a lost device returns as the same. */
  deviceId: string;
  /** The user's live calls, those of other devices too. */
  calls: LiveCallInfo[];
  /** One for each call that `join` asked to resume; what was missed follows. */
  resumed?: ResumedCall[];
  /** How long a call rings, in milliseconds. */
  ringTimeoutMs: number;
  /** How long a lost device keeps its calls, in milliseconds. */
  graceMs: number;
  /** STUN and TURN servers. */
  iceServers: IceServers['iceServers'];
  /** How long their credentials are good, in seconds; absent when they do not lapse. */
  ttlSeconds?: number;
  /** `relay`: the server lets no other candidates through, so none need be gathered. */
  iceTransportPolicy?: 'relay';
  /** When the token lapses, in epoch milliseconds: `auth_refresh` before then. */
  expiresAt?: number;
}

/** Where an event stands in the stream of its call, to a device with the feature `resume`. */
interface InStream {
  callId: string;
  /** Counts from 1, by one. */
  seq?: number;
  /** Names the stream, with its first event. */
  streamId?: string;
}

/** Every event that the server sends, with its payload. */
export interface ServerPayloads {
  join_success: JoinSuccess;
  users_updated: OnlineUser[];
  /** Without `epoch` and `version` for a device that watches chosen users. */
  presence_changed: PresenceChange | Pick<PresenceChange, 'joined' | 'left'>;
  presence_state: PresenceState;
  incoming_call: InStream & {
    from: UserRef;
    callType: 'video' | 'audio';
    offer: SessionDescription<'offer'>;
    metadata?: Json;
  };
  call_status: InStream & { status: 'ringing' | 'user_offline' | 'peer_reconnecting' | 'peer_reconnected' };
  call_accepted: InStream & { answer: SessionDescription<'answer'> };
  call_rejected: InStream & { reason: string };
  call_ended: InStream & { reason?: EndReason; by?: string; durationMs?: number };
  ice_candidate: InStream & { from: string; candidate: IceCandidate | null };
  ice_candidates: InStream & { from: string; candidates: (IceCandidate | null)[] };
  session_description: InStream & { from: string; description: Renegotiation };
  call_info: InStream & { from: string; data: Json };
  signal_error: ErrorBody & { event: string };
  session_replaced: { message: string };
  server_draining: { reconnectAfterMs: number };
}
export type ServerEvent = keyof ServerPayloads;

/** For `Socket<ServerToClientEvents, ClientToServerEvents>` of socket.io-client. */
export type ServerToClientEvents = { [E in ServerEvent]: (payload: ServerPayloads[E]) => void } & { pong: () => void };
