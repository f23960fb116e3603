import { z } from 'zod';
import { FEATURES, type Feature } from '../domain/feature.js';
import type { ClientResults } from './client-results.js';
import type { Ack } from './errors.js';
import { opaqueIdSchema, userIdSchema, usernameSchema } from './ids.js';
import { jsonSchema } from './json.js';
import { LIMITS } from './limits.js';
import { answerSchema, candidateSchema, descriptionSchema, offerSchema } from './signal.js';

export type { ClientResults } from './client-results.js';

/** Whatever comes, nothing is taken. */
const nothing = z
  .unknown()
  .transform(() => undefined)
  .describe('None: whatever comes is ignored.');

const seqSchema = z
  .int()
  .min(1)
  .optional()
  .describe('Counts what a device sends within a call, so that what it repeats after a loss is taken once.');

/** What is no token is refused as such, however long. */
const tokenSchema = z.string();

export const presencePointSchema = z
  .object({ epoch: z.string().max(LIMITS.idLength), version: z.int().min(0) })
  .describe('A version of the list of who is online.');

const featuresSchema = z
  .array(z.unknown())
  .max(LIMITS.features)
  .transform((names) => FEATURES.filter((feature): feature is Feature => names.includes(feature)));

/** As a client sends it; `clientEventSchemas.join` forgives legacy clients more. */
export const joinSchema = z.object({
  id: userIdSchema,
  username: usernameSchema,
  deviceId: opaqueIdSchema
    .optional()
    .describe('One page or installation: with it, a lost device returns as the same. One is made up otherwise.'),
  protocol: z.int().min(1).max(1000).optional().describe('Clients that know more than the legacy protocol say 2.'),
  features: featuresSchema
    .optional()
    .describe(`What the device can take, any of \`${FEATURES.join('`, `')}\`; other names are ignored.`),
  presence: z
    .enum(['full', 'delta', 'none'])
    .optional()
    .describe('How the device hears of who is online: `users_updated` (the default), `presence_changed`, not at all.'),
  presenceSince: presencePointSchema
    .optional()
    .describe('What a returning device knows of presence: it then gets what changed, in place of the list.'),
  resume: z
    .array(z.object({ callId: opaqueIdSchema, streamId: opaqueIdSchema.optional(), lastSeq: z.int().min(0) }))
    .max(LIMITS.resumedCalls)
    .optional()
    .describe('Up to where a returning device has got the events of its calls; without `streamId`: nothing yet.'),
  token: tokenSchema.optional().catch(undefined).describe('Credentials, where none came with the handshake.'),
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
    from: z
      .object({ id: userIdSchema.optional() })
      .optional()
      .describe('The caller, as legacy clients send it; the server stamps its own.'),
    callType: z.enum(['video', 'audio']),
    offer: offerSchema,
    callId: opaqueIdSchema
      .optional()
      .describe('Made by the client, such as a UUID: sent again, it rings nobody twice.'),
    metadata: jsonSchema(LIMITS.metadataLength)
      .optional()
      .describe('Any JSON of 1 KiB, at most 4 deep, of the application: shown in `incoming_call`.'),
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
  call_info: z.object({
    callId: opaqueIdSchema,
    data: jsonSchema(LIMITS.callInfoLength).describe('Any JSON of 4 KiB, at most 4 deep, of the application.'),
    seq: seqSchema,
  }),
  call_restore: z.object({
    callId: opaqueIdSchema,
    peer: userIdSchema.describe("The other party's user id."),
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

type WithoutPayload = 'leave' | 'ping' | 'ice_servers';
type Acknowledge<E extends ClientEvent> = (answer: Ack<ClientResults[E]>) => void;

/** For `Socket<ServerToClientEvents, ClientToServerEvents>` of socket.io-client. */
export type ClientToServerEvents = {
  [E in ClientEvent]: E extends WithoutPayload
    ? (payload?: null, ack?: Acknowledge<E>) => void
    : (payload: ClientPayload<E>, ack?: Acknowledge<E>) => void;
};
