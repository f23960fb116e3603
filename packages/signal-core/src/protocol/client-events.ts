import { z } from 'zod';
import type { Ack } from './errors.js';
import { opaqueIdSchema, userIdSchema, usernameSchema } from './ids.js';
import type { JoinSuccess } from './server-events.js';
import { answerSchema, candidateSchema, offerSchema } from './signal.js';

/** Whatever comes, nothing is taken. */
const nothing = z.unknown().transform(() => undefined);

/**
 * The payload of every event that a client may send. Unknown keys are stripped at every level:
 * what is relayed is the parsed object, never the received one.
 */
export const clientEventSchemas = {
  join: z.object({
    id: userIdSchema,
    username: usernameSchema,
    deviceId: opaqueIdSchema.optional(),
    /** Clients that know more than the legacy protocol say 2. */
    protocol: z.int().min(1).max(1000).optional(),
  }),
  leave: nothing,
  call_user: z.object({
    to: userIdSchema,
    from: z.object({ id: userIdSchema.optional() }).optional(),
    callType: z.enum(['video', 'audio']),
    offer: offerSchema,
    callId: opaqueIdSchema.optional(),
  }),
  accept_call: z.object({ callId: opaqueIdSchema, answer: answerSchema }),
  reject_call: z.object({ callId: opaqueIdSchema, reason: z.enum(['declined', 'busy']).optional().catch(undefined) }),
  end_call: z.object({ callId: opaqueIdSchema }),
  ice_candidate: z.object({
    to: userIdSchema,
    callId: opaqueIdSchema.optional(),
    candidate: candidateSchema.nullable(),
  }),
  ping: nothing,
} as const;

export type ClientEvent = keyof typeof clientEventSchemas;
export type ClientPayload<E extends ClientEvent> = z.infer<(typeof clientEventSchemas)[E]>;

type Acknowledge<Result = object> = (answer: Ack<Result>) => void;

/** For `Socket<ServerToClientEvents, ClientToServerEvents>` of socket.io-client. */
export interface ClientToServerEvents {
  join: (payload: ClientPayload<'join'>, ack?: Acknowledge<JoinSuccess>) => void;
  leave: (payload?: null, ack?: Acknowledge) => void;
  call_user: (payload: ClientPayload<'call_user'>, ack?: Acknowledge<{ callId: string; status: 'ringing' }>) => void;
  accept_call: (payload: ClientPayload<'accept_call'>, ack?: Acknowledge) => void;
  reject_call: (payload: ClientPayload<'reject_call'>, ack?: Acknowledge) => void;
  end_call: (payload: ClientPayload<'end_call'>, ack?: Acknowledge) => void;
  ice_candidate: (payload: ClientPayload<'ice_candidate'>, ack?: Acknowledge) => void;
  ping: (payload?: null, ack?: Acknowledge) => void;
}
