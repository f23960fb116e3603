import type { ClientEvent } from '../protocol/client-events.js';
import type { ErrorCode } from '../protocol/errors.js';
import type { ServerEvent } from '../protocol/server-events.js';

interface EventEntry {
  summary: string;
  /** Of SPEC.md. */
  rules: readonly string[];
  /** Part of the legacy protocol, too. */
  isLegacy?: true;
}

interface ClientEventEntry extends EventEntry {
  /** Refusals besides those that any event may get. */
  codes: readonly ErrorCode[];
  /** May be sent before `join`. */
  isOpen?: true;
}

/** What any event may be refused with. */
export const GENERAL_CODES: readonly ErrorCode[] = [
  'invalid_payload',
  'rate_limited',
  'payload_too_large',
  'unavailable',
  'internal',
];

const OF_A_CALL: readonly ErrorCode[] = ['call_not_found', 'invalid_state'];

/** Every event that a client sends; its payload and its result are those of protocol/. */
export const CLIENT_EVENTS: Record<ClientEvent, ClientEventEntry> = {
  join: {
    summary: 'Go online. Sent at every connect; without an acknowledgement it is answered by `join_success`.',
    rules: ['JOIN-1', 'JOIN-2', 'JOIN-3', 'JOIN-7', 'JOIN-9', 'JOIN-10', 'PRES-5', 'RESUME-3', 'AUTH-2'],
    codes: ['unauthorized', 'token_expired', 'identity_mismatch', 'invalid_state'],
    isLegacy: true,
    isOpen: true,
  },
  leave: { summary: 'Go offline, and end the calls of this device.', rules: ['JOIN-8', 'LOSS-1'], codes: [] },
  call_user: {
    summary: 'Place a call. Every device of the callee that is in no call rings.',
    rules: ['CALL-1', 'CALL-2', 'CALL-8', 'CALL-14', 'CALL-15', 'CALL-18', 'CALL-23'],
    codes: ['identity_mismatch', 'forbidden', 'glare', 'busy', 'user_offline', 'invalid_state', 'server_draining'],
    isLegacy: true,
  },
  accept_call: {
    summary: 'Answer a call that rings here. The first device wins.',
    rules: ['CALL-4', 'CALL-16'],
    codes: OF_A_CALL,
    isLegacy: true,
  },
  reject_call: {
    summary: 'Decline a call that rings here.',
    rules: ['CALL-5'],
    codes: OF_A_CALL,
    isLegacy: true,
  },
  end_call: {
    summary: 'Hang up, cancel a call that still rings, or decline one.',
    rules: ['CALL-6', 'CALL-18', 'RESUME-8'],
    codes: OF_A_CALL,
    isLegacy: true,
  },
  ice_candidate: {
    summary: 'One ICE candidate for the peer; `null` is the end of candidates.',
    rules: ['ICE-1', 'ICE-2', 'ICE-3', 'ICE-4', 'ICE-11', 'TALK-5'],
    codes: OF_A_CALL,
    isLegacy: true,
  },
  ice_candidates: {
    summary: 'Several ICE candidates for the peer, taken whole or refused.',
    rules: ['ICE-9', 'ICE-11', 'TALK-5'],
    codes: OF_A_CALL,
  },
  session_description: {
    summary: 'Renegotiate an active call, or restart ICE.',
    rules: ['TALK-1', 'TALK-3', 'TALK-5'],
    codes: OF_A_CALL,
  },
  call_info: {
    summary: 'Whatever the application has to say within an active call.',
    rules: ['TALK-2', 'TALK-3', 'TALK-5'],
    codes: OF_A_CALL,
  },
  call_restore: {
    summary: 'Claim a call that the server does not know any more.',
    rules: ['RESUME-7', 'RESUME-8', 'RESUME-9'],
    codes: [...OF_A_CALL, 'forbidden', 'busy', 'server_draining'],
  },
  presence_sync: {
    summary: 'Ask what changed in who is online. Without an acknowledgement: `presence_changed` or `presence_state`.',
    rules: ['PRES-9'],
    codes: [],
  },
  presence_subscribe: {
    summary: 'Hear of these users only. Without an acknowledgement: `presence_changed`.',
    rules: ['PRES-10'],
    codes: [],
  },
  auth_refresh: {
    summary: 'Show another token before the first lapses.',
    rules: ['AUTH-11'],
    codes: ['unauthorized', 'token_expired', 'identity_mismatch'],
  },
  ice_servers: { summary: 'Ask for STUN and TURN servers, with new credentials.', rules: ['TURN-3'], codes: [] },
  ping: { summary: 'Answered by `pong`, joined or not.', rules: ['JOIN-6'], codes: [], isLegacy: true, isOpen: true },
};

/** Every event that the server sends, `pong` and the refusal of a handshake too; payloads are those of protocol/. */
export const SERVER_EVENTS: Record<ServerEvent | 'pong' | 'connect_error', EventEntry> = {
  join_success: { summary: 'The answer to `join` without an acknowledgement.', rules: ['JOIN-1'], isLegacy: true },
  users_updated: { summary: 'Everybody online, after a change.', rules: ['PRES-2', 'PRES-5'], isLegacy: true },
  presence_changed: {
    summary: 'Who came and went. Without `epoch` and `version` for a device that watches chosen users.',
    rules: ['PRES-6', 'PRES-9', 'PRES-10'],
  },
  presence_state: { summary: 'The answer to `presence_sync` when changes are not known.', rules: ['PRES-9'] },
  incoming_call: { summary: 'Somebody calls.', rules: ['CALL-1', 'CALL-19', 'LOSS-8'], isLegacy: true },
  call_status: {
    summary: 'How a call stands. Legacy clients know `ringing` and `user_offline`, and ignore the others.',
    rules: ['CALL-1', 'CALL-15', 'LOSS-2', 'LOSS-3', 'RESUME-7'],
    isLegacy: true,
  },
  call_accepted: { summary: 'The callee answered.', rules: ['CALL-4'], isLegacy: true },
  call_rejected: {
    summary: 'The callee declined, or the call was refused.',
    rules: ['CALL-5', 'CALL-15'],
    isLegacy: true,
  },
  call_ended: { summary: 'The call is over.', rules: ['CALL-6', 'CALL-7', 'CALL-16', 'CALL-21'], isLegacy: true },
  ice_candidate: { summary: 'One ICE candidate of the peer.', rules: ['ICE-1', 'ICE-6'], isLegacy: true },
  ice_candidates: { summary: 'Several of them, to a device with `ice_batch`.', rules: ['ICE-9'] },
  session_description: { summary: 'The peer renegotiates.', rules: ['TALK-1'] },
  call_info: { summary: 'What the application of the peer has to say.', rules: ['TALK-2'] },
  signal_error: { summary: 'The refusal of an event without an acknowledgement.', rules: ['ERR-2'] },
  session_replaced: {
    summary: 'A newer connection of this device has taken over; this one is closed.',
    rules: ['JOIN-7'],
  },
  server_draining: {
    summary: 'The server is going down: come back, here or to another node.',
    rules: ['HOST-6', 'SRV-25'],
  },
  pong: { summary: 'The answer to `ping`. It has no payload.', rules: ['JOIN-6'], isLegacy: true },
  connect_error: {
    summary: 'The handshake was refused: a CONNECT_ERROR packet of Socket.IO, no event.',
    rules: ['AUTH-3'],
  },
};
