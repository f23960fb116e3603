import { z } from 'zod';

/** How `RTCPeerConnection` finds a way between two clients. */
export const iceServersSchema = z
  .object({
    iceServers: z
      .array(
        z.object({
          urls: z.union([z.string(), z.array(z.string())]),
          username: z.string().exactOptional(),
          credential: z.string().exactOptional(),
        }),
      )
      .describe('STUN and TURN servers, as `RTCPeerConnection` takes them.'),
    ttlSeconds: z
      .number()
      .exactOptional()
      .describe('How long the credentials are good, in seconds; absent when they do not lapse.'),
  })
  .describe('How `RTCPeerConnection` finds a way between two clients.');
export type IceServers = z.infer<typeof iceServersSchema>;
