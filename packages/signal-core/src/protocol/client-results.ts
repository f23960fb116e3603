import { z } from 'zod';
import { iceServersSchema } from './ice-servers.js';
import { joinSuccessSchema } from './join-success.js';
import { presenceChangeSchema, presenceStateSchema } from './presence.js';
import { userRefSchema } from './users.js';

const nothing = z.object({});

/** What an acknowledged event is answered by, beside `ok: true`. */
export const clientResultSchemas = {
  join: joinSuccessSchema,
  leave: nothing,
  call_user: z.object({ callId: z.string(), status: z.literal('ringing') }),
  accept_call: nothing,
  reject_call: nothing,
  end_call: nothing,
  ice_candidate: nothing,
  ice_candidates: nothing,
  session_description: nothing,
  call_info: nothing,
  call_restore: z.object({
    status: z.enum(['active', 'waiting']).describe('`waiting`: until the other party claims the call, too.'),
  }),
  presence_sync: z.union([presenceStateSchema, presenceChangeSchema]),
  presence_subscribe: z.object({ users: z.array(userRefSchema).describe('Those of them who are online.') }),
  auth_refresh: z.object({
    expiresAt: z.number().exactOptional().describe('When the new token lapses, in epoch milliseconds, if ever.'),
  }),
  ice_servers: iceServersSchema,
  ping: nothing,
} as const;

export type ClientResults = { [E in keyof typeof clientResultSchemas]: z.infer<(typeof clientResultSchemas)[E]> };
