import { z } from 'zod';
import { userRefSchema } from './users.js';

/** What changed in who is online, from one version of the list to a later one. */
export const presenceChangeSchema = z
  .object({
    epoch: z.string().describe('Another one means that the list was lost, and versions of the former say nothing.'),
    version: z.int().min(0),
    joined: z.array(userRefSchema).describe('Who came online, or has another name now.'),
    left: z.array(z.string()).describe('The ids of those who went.'),
  })
  .describe('What changed in who is online, from one version of the list to a later one.');
export type PresenceChange = z.infer<typeof presenceChangeSchema>;

/** Everybody online at a version. */
export const presenceStateSchema = z
  .object({ epoch: z.string(), version: z.int().min(0), users: z.array(userRefSchema) })
  .describe('Everybody online at a version.');
export type PresenceState = z.infer<typeof presenceStateSchema>;
