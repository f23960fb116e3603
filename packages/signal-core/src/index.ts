export type {
  AuthOptions,
  JwtAuth,
  JwtOptions,
  PasswordAuth,
  PasswordOptions,
  TokenAuth,
} from './auth/auth-options.js';
export type { RevokeTarget } from './auth/authenticator.js';
export type { IcePolicy, IceServer, TurnOptions } from './auth/ice-options.js';
export type { Identity } from './auth/identity.js';
export type { Block } from './block-list.js';
export { BlockList } from './block-list.js';
export type { CallRecord } from './call-record.js';
export type { Cancel, Clock } from './clock.js';
export type {
  ActiveCall,
  Call,
  CallType,
  Description,
  End,
  EndedCall,
  EndReason,
  Link,
  LiveCall,
  RingingCall,
  User,
} from './domain/call.js';
export type { Feature } from './domain/feature.js';
export type { CallId, DeviceKey, UserId } from './domain/ids.js';
export { userOf } from './domain/ids.js';
export type { RestoreClaim } from './domain/restore-call.js';
export type { Revocation } from './domain/revocation.js';
export type { Session } from './domain/session.js';
export type { CallHook, CallRequest, ScopeHook, SeeHook } from './hooks.js';
export type { SignalingEvents, SignalingListener } from './host-events.js';
export type { RouterOptions } from './http/rest-context.js';
export type { LimitOptions, LimitProfile, Limits } from './limits.js';
export { LIMIT_PROFILES } from './limits.js';
export type { Logger } from './log.js';
export type { MetricsOptions } from './metrics/metrics-options.js';
export type { Origins, SignalingServerOptions, TrustProxy } from './options.js';
export { DEFAULT_OPTIONS } from './options.js';
export type { Parts } from './parts.js';
export type { ClientToServerEvents } from './protocol/client-events.js';
export type { ErrorCode } from './protocol/errors.js';
export { SignalingError } from './protocol/errors.js';
export type { Readiness } from './protocol/rest.js';
export type { OnlineUser, ServerToClientEvents } from './protocol/server-events.js';
export type { ClosingOptions, SignalingStats } from './signaling-server.js';
export { SignalingServer } from './signaling-server.js';
export type { CallStore, CallVersion, Commit, Line } from './stores/call-store.js';
export { DUE_CLAIM_MS, ENDED_CALL_TTL_MS } from './stores/call-store.js';
export { createMemoryStores } from './stores/memory/memory-stores.js';
export type { PresenceStore, SessionChange } from './stores/presence-store.js';
export type { MinuteRate, RateLimitStore } from './stores/rate-limit-store.js';
export type { RestoreStore } from './stores/restore-store.js';
export type { RevocationNews, RevocationStore } from './stores/revocation-store.js';
export type { ScopedStores, Stores } from './stores/stores.js';
export type { DirectoryEntry, UserDirectory } from './stores/user-directory.js';
