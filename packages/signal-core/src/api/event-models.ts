import { z } from 'zod';
import { clientEventSchemas, joinSchema, presencePointSchema } from '../protocol/client-events.js';
import { clientResultSchemas } from '../protocol/client-results.js';
import { iceServersSchema } from '../protocol/ice-servers.js';
import { joinSuccessSchema, liveCallInfoSchema, resumedCallSchema } from '../protocol/join-success.js';
import { presenceChangeSchema, presenceStateSchema } from '../protocol/presence.js';
import { errorBodySchema, errorCodeSchema } from '../protocol/refusals.js';
import { serverEventSchemas } from '../protocol/server-events.js';
import { answerSchema, candidateSchema, descriptionSchema, offerSchema } from '../protocol/signal.js';
import { onlineUserSchema, userRefSchema } from '../protocol/users.js';
import type { Models } from './models.js';

/** What events hold, by name. */
const PARTS: Models = {
  UserRef: userRefSchema,
  OnlineUser: onlineUserSchema,
  PresencePoint: presencePointSchema,
  PresenceChange: presenceChangeSchema,
  PresenceState: presenceStateSchema,
  IceServers: iceServersSchema,
  IceCandidate: candidateSchema,
  Offer: offerSchema,
  Answer: answerSchema,
  Description: descriptionSchema,
  LiveCall: liveCallInfoSchema,
  ResumedCall: resumedCallSchema,
  JoinSuccess: joinSuccessSchema,
  ErrorCode: errorCodeSchema,
  ErrorBody: errorBodySchema,
};

/** Names of payloads: `ToServer.join`, `Result.join`, `ToClient.join_success`. */
export const EVENT_MODELS: Models = {
  ...PARTS,
  ...named('ToServer', { ...clientEventSchemas, join: joinSchema }),
  ...named(
    'Result',
    Object.fromEntries(Object.entries(clientResultSchemas).map(([event, schema]) => [event, agreed(schema)])),
  ),
  ...named('ToClient', {
    ...serverEventSchemas,
    connect_error: z.object({ message: z.string(), data: errorBodySchema }),
  }),
};

/** A result as an acknowledgement carries it. */
function agreed(result: z.ZodObject | z.ZodUnion<readonly z.ZodObject[]>): z.ZodType {
  if (result instanceof z.ZodUnion) return z.union(result.options.map(agreed));
  return z.object({ ok: z.literal(true), ...result.shape });
}

/** A schema that has a name already is a copy under another. */
function named(prefix: string, schemas: Readonly<Record<string, z.ZodType>>): Models {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`${prefix}.${name}`, schema.clone()]));
}
