import { z } from 'zod';

/** Who somebody is, by id and name. */
export const userRefSchema = z
  .object({ id: z.string(), username: z.string() })
  .describe('Who somebody is, by id and name.');
export type UserRef = z.infer<typeof userRefSchema>;

/** A user as the lists show it. `socketId` is any one of the user's connections. */
export const onlineUserSchema = z
  .object({
    ...userRefSchema.shape,
    isOnline: z.literal(true),
    socketId: z.string().describe("Any one of the user's connections."),
  })
  .describe('A user who is online.');
export type OnlineUser = z.infer<typeof onlineUserSchema>;

/** A user as `GET /api/users` shows it. */
export const knownUserSchema = z
  .object({
    ...userRefSchema.shape,
    isOnline: z.boolean(),
    lastSeen: z.iso.datetime().exactOptional().describe('Time of the last sign of life.'),
  })
  .describe('A user who was seen at some time, online or not.');
export type KnownUser = z.infer<typeof knownUserSchema>;
