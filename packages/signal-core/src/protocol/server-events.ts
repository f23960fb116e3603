import type { EndReason } from '../domain/end-reason.js';
import type { ErrorBody } from './errors.js';
import type { IceCandidate } from './signal.js';

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

/** What a device learns when it has joined. */
export interface JoinSuccess {
  message: string;
  /** Everybody online, the joined user too. */
  onlineUsers: OnlineUser[];
  /** What the server speaks. */
  protocol: 2;
  /** Who the connection speaks for. */
  self: UserRef;
  /** The device's own id, or the one it was given: with it, a lost device returns as the same. */
  deviceId: string;
  /** The user's live calls, those of other devices too. */
  calls: LiveCallInfo[];
  /** How long a call rings, in milliseconds. */
  ringTimeoutMs: number;
  /** How long a lost device keeps its calls, in milliseconds. */
  graceMs: number;
}

/** Every event that the server sends, with its payload. */
export interface ServerPayloads {
  join_success: JoinSuccess;
  users_updated: OnlineUser[];
  incoming_call: { callId: string; from: UserRef; callType: 'video' | 'audio'; offer: SessionDescription<'offer'> };
  call_status: { status: 'ringing' | 'user_offline' | 'peer_reconnecting' | 'peer_reconnected'; callId: string };
  call_accepted: { callId: string; answer: SessionDescription<'answer'> };
  call_rejected: { callId: string; reason: string };
  call_ended: { callId: string; reason?: EndReason; by?: string; durationMs?: number };
  ice_candidate: { callId: string; from: string; candidate: IceCandidate | null };
  signal_error: ErrorBody & { event: string };
  session_replaced: { message: string };
  server_draining: { reconnectAfterMs: number };
}
export type ServerEvent = keyof ServerPayloads;

/** For `Socket<ServerToClientEvents, ClientToServerEvents>` of socket.io-client. */
export type ServerToClientEvents = { [E in ServerEvent]: (payload: ServerPayloads[E]) => void } & { pong: () => void };
