export type { ErrorBody, ErrorCode } from '../protocol/errors.js';
export { ERROR_CODES, SignalingError } from '../protocol/errors.js';
export { ConnectFailure } from './connect-failure.js';
export type { ClientState, ClosedReason } from './connector.js';
export type { SignalingClientOptions, Traffic } from './options.js';
export type { PresenceEvents, PresenceList } from './presence-list.js';
export type { CallEnd, CallEvents, CallRequest, CallState, SignalingCall } from './signaling-call.js';
export type { ClientEvents } from './signaling-client.js';
export { SignalingClient } from './signaling-client.js';
