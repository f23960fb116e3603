import { z } from 'zod';
import { usernameSchema } from './ids.js';
import { onlineUserSchema, userRefSchema } from './users.js';

/** What `POST /api/login` takes. */
export const credentialsSchema = z
  .object({ username: usernameSchema, password: z.string().min(1) })
  .describe('Who logs in. In `open` any password will do.');
export type Credentials = z.infer<typeof credentialsSchema>;

export const loginSuccessSchema = z
  .object({
    user: z.object({ ...userRefSchema.shape, isOnline: z.literal(false) }),
    token: z.string().describe('For `Authorization: Bearer`, and for `auth.token` of the Socket.IO handshake.'),
  })
  .describe('Who that is, and the token to show from now on.');
export type LoginSuccess = z.infer<typeof loginSuccessSchema>;

/** A user as `GET /api/online-users` shows it. */
export const listedUserSchema = z
  .object({
    ...onlineUserSchema.shape,
    socketId: onlineUserSchema.shape.socketId
      .exactOptional()
      .describe("Any one of the user's connections; where credentials count, of oneself only."),
  })
  .describe('A user who is online.');
export type ListedUser = z.infer<typeof listedUserSchema>;

const lifeSchema = z
  .object({ status: z.literal('OK'), timestamp: z.iso.datetime() })
  .describe('That the server runs: all that a stranger is told.');

const bytes = z.int().min(0);

/** What `GET /health` answers, to a stranger and to whoever may know more. */
export const healthSchema = z.union([
  z
    .object({
      ...lifeSchema.shape,
      uptime: z.number().min(0).describe('Seconds.'),
      memory: z
        .object({ rss: bytes, heapTotal: bytes, heapUsed: bytes, external: bytes, arrayBuffers: bytes })
        .describe('Of this process, in bytes.'),
      activeUsers: z.int().min(0).describe('Of all nodes.'),
      activeCalls: z.int().min(0).nullable().describe('Of all nodes; `null` while the store does not answer.'),
    })
    .describe('To this machine, to whoever shows credentials, and to everybody in `open`.'),
  lifeSchema,
]);
export type Health = z.infer<typeof healthSchema>;

/** Whether balancers are to send clients here, and if not, why. */
const readinessSchema = z.enum(['ready', 'starting', 'draining', 'stores away']);
export type Readiness = z.infer<typeof readinessSchema>;

export const livezSchema = z.object({ status: z.literal('alive') }).describe('The process answers.');
export const readySchema = z.object({ status: readinessSchema.extract(['ready']) }).describe('Clients may come.');
export const notReadySchema = z
  .object({ status: readinessSchema.exclude(['ready']) })
  .describe('Why clients are to go elsewhere.');
