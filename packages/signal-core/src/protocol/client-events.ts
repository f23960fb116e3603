import { z } from 'zod';
import { FEATURES, type Feature } from '../domain/feature.js';
import type { Ack } from './errors.js';
import { opaqueIdSchema, userIdSchema, usernameSchema } from './ids.js';
import { jsonSchema } from './json.js';
import { LIMITS } from './limits.js';
import type { IceServers, JoinSuccess, PresenceChange, PresenceState, UserRef } from './server-events.js';
import { answerSchema, candidateSchema, descriptionSchema, offerSchema } from './signal.js';

/** Whatever comes, nothing is taken. */
const nothing = z.unknown().transform(() => undefined);

/** Counts what a device sends within a call, so that what it repeats after a loss is taken once. */
const seqSchema = z.int().min(1).optional();

/** What is no token is refused as such, however long. */
const tokenSchema = z.string();

const presencePointSchema = z.object({ epoch: z.string().max(LIMITS.idLength), version: z.int().min(0) });

const featuresSchema = z
  .array(z.unknown())
  .max(LIMITS.features)
  .transform((names) => FEATURES.filter((feature): feature is Feature => names.includes(feature)));

const joinSchema = z.object({
  id: userIdSchema,
  username: usernameSchema,
  deviceId: opaqueIdSchema.optional(),
  /** Clients that know more than the legacy protocol say 2. */
  protocol: z.int().min(1).max(1000).optional(),
  /** What the device can take; unknown names are ignored. */
  features: featuresSchema.optional(),
  /** How the device hears of who is online. */
  presence: z.enum(['full', 'delta', 'none']).optional(),
  /** What a returning device knows of presence: it then gets what changed, in place of the list. */
  presenceSince: presencePointSchema.optional(),
  /** Up to where a returning device has got the events of its calls; without `streamId`: nothing yet. */
  resume: z
    .array(z.object({ callId: opaqueIdSchema, streamId: opaqueIdSchema.optional(), lastSeq: z.int().min(0) }))
    .max(LIMITS.resumedCalls)
    .optional(),
  /** Credentials, where none came with the handshake. */
  token: tokenSchema.optional().catch(undefined),
});

/** Names that came after the legacy protocol, under which a legacy client may have something of its own. */
const { features, presence, presenceSince, resume } = joinSchema.shape;
const LATER_KEYS = Object.entries({ features, presence, presenceSince, resume });

/** In a legacy `join` what does not fit such a name is as unknown as any other key. */
function withoutForeignKeys(raw: unknown): unknown {
  const { deviceId, protocol } = Object(raw);
  if (deviceId !== undefined || (typeof protocol === 'number' && protocol >= 2)) return raw;
  const foreign = LATER_KEYS.filter(([key, schema]) => !schema.safeParse(Object(raw)[key]).success);
  if (foreign.length === 0) return raw;
  const names = foreign.map(([key]) => key);
  return Object.fromEntries(Object.entries(Object(raw)).filter(([key]) => !names.includes(key)));
}

/**
 * The payload of every event that a client may send. Unknown keys are stripped at every level:
 * what is relayed is the parsed object, never the received one.
 */
export const clientEventSchemas = {
  join: z.preprocess(withoutForeignKeys, joinSchema),
  leave: nothing,
  call_user: z.object({
    to: userIdSchema,
    from: z.object({ id: userIdSchema.optional() }).optional(),
    callType: z.enum(['video', 'audio']),
    offer: offerSchema,
    callId: opaqueIdSchema.optional(),
    /** Of the application, shown in `incoming_call`. */
    metadata: jsonSchema(LIMITS.metadataLength).optional(),
  }),
  accept_call: z.object({ callId: opaqueIdSchema, answer: answerSchema }),
  reject_call: z.object({ callId: opaqueIdSchema, reason: z.enum(['declined', 'busy']).optional().catch(undefined) }),
  end_call: z.object({ callId: opaqueIdSchema }),
  ice_candidate: z.object({
    to: userIdSchema,
    callId: opaqueIdSchema.optional(),
    candidate: candidateSchema.nullable(),
    seq: seqSchema,
  }),
  ice_candidates: z.object({
    callId: opaqueIdSchema,
    candidates: z.array(candidateSchema.nullable()).min(1).max(LIMITS.candidatesPerBatch),
    seq: seqSchema,
  }),
  session_description: z.object({ callId: opaqueIdSchema, description: descriptionSchema, seq: seqSchema }),
  call_info: z.object({ callId: opaqueIdSchema, data: jsonSchema(LIMITS.callInfoLength), seq: seqSchema }),
  call_restore: z.object({
    callId: opaqueIdSchema,
    /** The other party's user id. */
    peer: userIdSchema,
    role: z.enum(['caller', 'callee']),
    callType: z.enum(['video', 'audio']),
  }),
  presence_sync: z.object({ since: presencePointSchema.optional() }),
  presence_subscribe: z.object({ ids: z.array(userIdSchema).max(LIMITS.subscribedUsers) }),
  auth_refresh: z.object({ token: tokenSchema }),
  ice_servers: nothing,
  ping: nothing,
} as const;

/** What the keys that came after the legacy protocol do not mean in the events of a legacy device. */
export const legacyEventSchemas: { readonly [E in ClientEvent]?: z.ZodType<ClientPayload<E>> } = {
  call_user: clientEventSchemas.call_user.omit({ metadata: true }),
  ice_candidate: clientEventSchemas.ice_candidate.omit({ seq: true }),
};

export type ClientEvent = keyof typeof clientEventSchemas;
export type ClientPayload<E extends ClientEvent> = z.infer<(typeof clientEventSchemas)[E]>;

/** What an acknowledged event is answered by. */
export interface ClientResults {
  join: JoinSuccess;
  leave: object;
  call_user: { callId: string; status: 'ringing' };
  accept_call: object;
  reject_call: object;
  end_call: object;
  ice_candidate: object;
  ice_candidates: object;
  session_description: object;
  call_info: object;
  call_restore: { status: 'active' | 'waiting' };
  presence_sync: PresenceState | PresenceChange;
  presence_subscribe: { users: UserRef[] };
  /** `expiresAt`: when the new token lapses, in epoch milliseconds, if ever. */
  auth_refresh: { expiresAt?: number };
  ice_servers: IceServers;
  ping: object;
}

type WithoutPayload = 'leave' | 'ping' | 'ice_servers';
type Acknowledge<E extends ClientEvent> = (answer: Ack<ClientResults[E]>) => void;

/** For `Socket<ServerToClientEvents, ClientToServerEvents>` of socket.io-client. */
export type ClientToServerEvents = {
  [E in ClientEvent]: E extends WithoutPayload
    ? (payload?: null, ack?: Acknowledge<E>) => void
    : (payload: ClientPayload<E>, ack?: Acknowledge<E>) => void;
};
