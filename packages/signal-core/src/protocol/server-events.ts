import { z } from 'zod';
import { END_REASONS } from '../domain/end-reason.js';
import { joinSuccessSchema } from './join-success.js';
import { jsonSchema } from './json.js';
import { LIMITS } from './limits.js';
import { presenceChangeSchema, presenceStateSchema } from './presence.js';
import { errorBodySchema } from './refusals.js';
import { answerSchema, candidateSchema, descriptionSchema, offerSchema } from './signal.js';
import { onlineUserSchema, userRefSchema } from './users.js';

export type { EndReason } from '../domain/end-reason.js';
export { END_REASONS } from '../domain/end-reason.js';
export type { IceServers } from './ice-servers.js';
export type { JoinSuccess, LiveCallInfo, ResumedCall } from './join-success.js';
export type { PresenceChange, PresenceState } from './presence.js';
export type { KnownUser, OnlineUser, UserRef } from './users.js';

/** An SDP offer or answer, as `RTCPeerConnection` takes it. */
export interface SessionDescription<Type extends 'offer' | 'answer'> {
  type: Type;
  sdp: string;
}

/** Where an event stands in the stream of its call, to a device with the feature `resume`. */
const inStream = {
  callId: z.string(),
  seq: z.int().min(1).exactOptional().describe('Counts from 1, by one. For a device with the feature `resume`.'),
  streamId: z.string().exactOptional().describe('Names the stream, with its first event.'),
};

const fromSchema = z.string().describe("The other party's user id.");

/** Every event that the server sends, with its payload. */
export const serverEventSchemas = {
  join_success: joinSuccessSchema,
  users_updated: z.array(onlineUserSchema),
  /** Without `epoch` and `version` for a device that watches chosen users. */
  presence_changed: z.union([presenceChangeSchema, presenceChangeSchema.pick({ joined: true, left: true })]),
  presence_state: presenceStateSchema,
  incoming_call: z.object({
    ...inStream,
    from: userRefSchema,
    callType: z.enum(['video', 'audio']),
    offer: offerSchema,
    metadata: jsonSchema(LIMITS.metadataLength).exactOptional().describe('Of the application, as `call_user` gave it.'),
  }),
  call_status: z.object({
    ...inStream,
    status: z.enum(['ringing', 'user_offline', 'peer_reconnecting', 'peer_reconnected']),
  }),
  call_accepted: z.object({ ...inStream, answer: answerSchema }),
  call_rejected: z.object({
    ...inStream,
    reason: z.string().describe('`declined`, `busy`, or the code of a refusal.'),
  }),
  call_ended: z.object({
    ...inStream,
    reason: z.enum(END_REASONS).exactOptional().describe('Absent after a refused `accept_call`.'),
    by: z.string().exactOptional().describe('The id of the user who ended it.'),
    durationMs: z.number().exactOptional().describe('Since the call was answered, in milliseconds.'),
  }),
  ice_candidate: z.object({ ...inStream, from: fromSchema, candidate: candidateSchema.nullable() }),
  ice_candidates: z.object({ ...inStream, from: fromSchema, candidates: z.array(candidateSchema.nullable()) }),
  session_description: z.object({ ...inStream, from: fromSchema, description: descriptionSchema }),
  call_info: z.object({ ...inStream, from: fromSchema, data: jsonSchema(LIMITS.callInfoLength) }),
  signal_error: z.object({ ...errorBodySchema.shape, event: z.string().describe('What was refused.') }),
  session_replaced: z.object({ message: z.string() }),
  server_draining: z.object({ reconnectAfterMs: z.number().describe('When to come back, in milliseconds.') }),
} as const;

export type ServerPayloads = { [E in keyof typeof serverEventSchemas]: z.infer<(typeof serverEventSchemas)[E]> };
export type ServerEvent = keyof ServerPayloads;

/** For `Socket<ServerToClientEvents, ClientToServerEvents>` of socket.io-client. */
export type ServerToClientEvents = { [E in ServerEvent]: (payload: ServerPayloads[E]) => void } & { pong: () => void };
