import { z } from 'zod';
import { iceServersSchema } from './ice-servers.js';
import { presenceChangeSchema } from './presence.js';
import { onlineUserSchema, userRefSchema } from './users.js';

/** One of the user's live calls, as `join_success` lists them. */
export const liveCallInfoSchema = z
  .object({
    callId: z.string(),
    role: z.enum(['caller', 'callee']),
    status: z.enum(['ringing', 'active']),
    peer: userRefSchema,
    callType: z.enum(['video', 'audio']),
    here: z.boolean().describe('Whether this device is an end of the call, or is rung for it.'),
  })
  .describe("One of the user's live calls.");
export type LiveCallInfo = z.infer<typeof liveCallInfoSchema>;

/** Whether a call that a returning device named goes on without a gap. */
export const resumedCallSchema = z
  .object({
    callId: z.string(),
    recovered: z
      .boolean()
      .describe('`true`: all that was missed follows. `false`: nothing of it does, and ICE should be restarted.'),
  })
  .describe('Whether a call that a returning device named goes on without a gap.');
export type ResumedCall = z.infer<typeof resumedCallSchema>;

/** What a device learns when it has joined. */
export const joinSuccessSchema = z
  .object({
    message: z.string(),
    onlineUsers: z
      .array(onlineUserSchema)
      .describe(
        'Everybody online, the joined user too; empty where `presenceChange` takes its place, and with `presence: "none"`.',
      ),
    presenceChange: presenceChangeSchema
      .exactOptional()
      .describe('What changed since `presenceSince`, when the server still knows.'),
    presenceEpoch: z
      .string()
      .exactOptional()
      .describe(
        'Where this brings the device to, unless it is told of presence in full: what follows counts on from there.',
      ),
    presenceVersion: z.int().min(0).exactOptional(),
    protocol: z.literal(2).describe('What the server speaks.'),
    self: userRefSchema.describe('Who the connection speaks for.'),
    deviceId: z
      .string()
      .describe("The device's own id, or the one it was given: with it, a lost device returns as the same."),
    calls: z.array(liveCallInfoSchema).describe("The user's live calls, those of other devices too."),
    resumed: z
      .array(resumedCallSchema)
      .exactOptional()
      .describe('One for each call that `join` asked to resume; what was missed follows.'),
    ringTimeoutMs: z.number().describe('How long a call rings, in milliseconds.'),
    graceMs: z.number().describe('How long a lost device keeps its calls, in milliseconds.'),
    ...iceServersSchema.shape,
    iceTransportPolicy: z
      .literal('relay')
      .exactOptional()
      .describe('`relay`: the server lets no other candidates through, so none need be gathered.'),
    expiresAt: z
      .number()
      .exactOptional()
      .describe('When the token lapses, in epoch milliseconds: `auth_refresh` before then.'),
  })
  .describe('What a device learns when it has joined.');
export type JoinSuccess = z.infer<typeof joinSuccessSchema>;
