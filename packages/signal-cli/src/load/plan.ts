import { z } from 'zod';

/** From this moment on, so many calls a second; towards the next stage the rate moves in a straight line. */
const stageSchema = z.object({
  /** Milliseconds after the beginning. */
  atMs: z.number().min(0),
  perSecond: z.number().min(0),
});

/** A length of time that is drawn for each call. */
const spanSchema = z.object({
  kind: z.enum(['fixed', 'exp', 'uniform']),
  /** Milliseconds: the length, the mean, or the longest. */
  ms: z.number().min(0),
});

/** What calls are like; the shares are of all calls, from 0 to 1, and what is left is answered. */
const mixSchema = z.object({
  /** How long an answered call lasts. */
  hold: spanSchema,
  /** How long a callee thinks before it answers or rejects. */
  answerDelay: spanSchema,
  reject: z.number().min(0).max(1),
  noAnswer: z.number().min(0).max(1),
  cancel: z.number().min(0).max(1),
  /** Candidates that each side sends. */
  ice: z.int().min(0),
  /** Whose recorded session descriptions are sent; `small` is a few lines. */
  sdp: z.enum(['chrome', 'small']),
});

/** All that a load run is told, as plain data: worker processes get it, and `summary.json` has it. */
export const planSchema = z.object({
  /** One server, or two: callers are at the first, callees at the second. */
  urls: z.array(z.url()).min(1).max(2),
  path: z.string(),
  seed: z.int(),
  /** How many users are online. */
  users: z.int().min(2),
  /** How their names begin: the same ones come back in every run. */
  prefix: z.string(),
  /** Open: calls arrive by the schedule. Closed: so many calls at the same time. */
  arrivals: z.discriminatedUnion('model', [
    z.object({
      model: z.literal('open'),
      spacing: z.enum(['uniform', 'poisson']),
      stages: z.array(stageSchema).min(1),
    }),
    z.object({ model: z.literal('closed'), concurrent: z.int().min(1) }),
  ]),
  durationMs: z.number().positive(),
  mix: mixSchema,
  /** Who calls whom: anybody a free one, all of them a few, or both of a pair each other at once. */
  topology: z.enum(['pairs', 'hot-callee', 'glare']),
  /** Processes that the users are shared among. */
  workers: z.int().min(1),
  /** The share of the calls that open a real data channel. */
  rtcSample: z.number().min(0).max(1),
  /** Longest wait for one answer of the server, in milliseconds. */
  stepTimeoutMs: z.number().positive(),
});

export type Stage = z.infer<typeof stageSchema>;
export type Span = z.infer<typeof spanSchema>;
export type Mix = z.infer<typeof mixSchema>;
export type LoadPlan = z.infer<typeof planSchema>;
