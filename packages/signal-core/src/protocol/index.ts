export type { Feature } from '../domain/feature.js';
export { FEATURES } from '../domain/feature.js';
export type { ClientEvent, ClientPayload, ClientResults, ClientToServerEvents } from './client-events.js';
export { clientEventSchemas } from './client-events.js';
export type { Ack, ErrorBody, ErrorCode } from './errors.js';
export { ERROR_CODES, SignalingError } from './errors.js';
export { userIdOf, usernameSchema } from './ids.js';
export type { Json } from './json.js';
export { LIMITS } from './limits.js';
export type {
  EndReason,
  IceServers,
  JoinSuccess,
  KnownUser,
  LiveCallInfo,
  OnlineUser,
  PresenceChange,
  PresenceState,
  ResumedCall,
  ServerEvent,
  ServerPayloads,
  ServerToClientEvents,
  SessionDescription,
  UserRef,
} from './server-events.js';
export { END_REASONS } from './server-events.js';
export type { IceCandidate, Renegotiation } from './signal.js';
