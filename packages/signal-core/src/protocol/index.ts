export type { ClientEvent, ClientPayload, ClientToServerEvents } from './client-events.js';
export { clientEventSchemas } from './client-events.js';
export type { Ack, ErrorBody, ErrorCode } from './errors.js';
export { ERROR_CODES, SignalingError } from './errors.js';
export { userIdOf } from './ids.js';
export { LIMITS } from './limits.js';
export type {
  EndReason,
  JoinSuccess,
  KnownUser,
  LiveCallInfo,
  OnlineUser,
  ServerEvent,
  ServerPayloads,
  ServerToClientEvents,
  SessionDescription,
  UserRef,
} from './server-events.js';
export { END_REASONS } from './server-events.js';
export type { IceCandidate } from './signal.js';
