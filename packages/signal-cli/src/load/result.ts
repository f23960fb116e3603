import { z } from 'zod';
import { OUTCOMES, PHASES } from './phases.js';
import { planSchema } from './plan.js';

const count = z.int().min(0);
const milliseconds = z.number().min(0);

/** What was counted up to a moment; every figure only grows. */
const countersSchema = z.object({
  /** Calls that the schedule asked for, that were placed, and that nobody was free for. */
  planned: count,
  placed: count,
  dropped: count,
  outcomes: z.record(z.enum(OUTCOMES), count),
  /** Why calls and steps failed: error codes of the server, `timeout`, `disconnected`, `wrong_payload`. */
  failures: z.record(z.string(), count),
  /** Candidates, all users together. A call that was cut short counts no loss. */
  ice: z.object({ sent: count, received: count, lost: count, duplicated: count, reordered: count, misrouted: count }),
  /** What the server said about who is online. */
  presence: z.object({ joins: count, messages: count, bytes: count }),
});

const quantilesSchema = z.object({
  count,
  min: milliseconds,
  mean: milliseconds,
  p50: milliseconds,
  p90: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
  'p99.9': milliseconds,
  max: milliseconds,
});

/** The run up to a moment, all workers merged: two to four a second. */
export const sampleSchema = z.object({
  /** Milliseconds after the beginning of the calls; negative while users join. */
  atMs: z.number(),
  stage: z.enum(['joining', 'calling', 'draining']),
  online: count,
  /** Calls that live. */
  concurrent: count,
  /** Calls a second that the schedule asks for now. */
  targetPerSecond: z.number().min(0),
  counters: countersSchema,
  /** Of the time since the last sample. */
  recent: z.partialRecord(z.enum(PHASES), quantilesSchema),
  generator: z.object({ cpuPercent: z.number(), rssMiB: z.number(), loopDelayMs: milliseconds, lateMs: milliseconds }),
});

/** One event of a traced call, at either side. */
const traceEventSchema = z.object({
  /** Milliseconds after the scheduled instant. */
  atMs: z.number(),
  side: z.enum(['caller', 'callee']),
  direction: z.enum(['sent', 'received']),
  event: z.string(),
  summary: z.string(),
});

/** A call worth a look: it failed, or was among the slowest. */
export const traceSchema = z.object({
  callId: z.string(),
  caller: z.string(),
  callee: z.string(),
  outcome: z.enum(OUTCOMES),
  failure: z.string().optional(),
  setupMs: milliseconds.optional(),
  events: z.array(traceEventSchema),
});

/** Before and after; what the server does not tell is null. */
const beforeAndAfter = z.object({ before: z.number(), after: z.number() }).nullable();

/** What is left on the server after the drain. */
const auditSchema = z.object({
  /** Calls that one side of it, or the server, still holds. */
  orphans: z.array(z.object({ callId: z.string(), caller: z.string(), callee: z.string(), why: z.string() })),
  activeCalls: beforeAndAfter,
  onlineUsers: beforeAndAfter,
  serverRssMiB: beforeAndAfter,
});

/** What a person did while it ran, in milliseconds after the beginning of the calls; negative while users join. */
const changeSchema = z.discriminatedUnion('change', [
  /** So many times as many calls as planned, from then on. */
  z.object({ atMs: z.number(), change: z.literal('rate'), factor: z.number().min(0) }),
  /** No calls were placed, placed again, or no more until the end. */
  z.object({ atMs: z.number(), change: z.enum(['paused', 'resumed', 'ended']) }),
]);

const verdictSchema = z.object({
  status: z.enum(['VALID', 'DEGRADED', 'INVALID']),
  /** What the generator could not do, and how to mend it. */
  reasons: z.array(z.object({ what: z.string(), remedy: z.string() })),
});

const thresholdResultSchema = z.object({
  expression: z.string(),
  actual: z.number().nullable(),
  isMet: z.boolean(),
});

/** What a load run found: `summary.json`. */
export const summarySchema = z.object({
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  /** Of the calls, without joining and draining, in milliseconds. */
  ranMs: milliseconds,
  /** Stopped by a person before its time. */
  isInterrupted: z.boolean(),
  plan: planSchema,
  /** Where there are any, what ran is not what the plan says. */
  changes: z.array(changeSchema),
  environment: z.object({ cli: z.string(), node: z.string(), platform: z.string(), cpus: count, host: z.string() }),
  verdict: verdictSchema,
  counters: countersSchema,
  /** Answer-seizure ratio: answered calls of placed ones, from 0 to 1. */
  asr: z.number().min(0).max(1),
  peakConcurrent: count,
  phases: z.partialRecord(
    z.enum(PHASES),
    // the histogram is a V2 compressed HdrHistogram of microseconds, in base64
    quantilesSchema.extend({ histogram: z.string() }),
  ),
  generator: z.object({
    cpuSeconds: z.number(),
    cpuMsPerCall: z.number(),
    peakRssMiB: z.number(),
    /** Delay of the event loops of the workers, and how late calls were placed. */
    loopDelayMs: quantilesSchema,
    lateMs: quantilesSchema,
  }),
  /** Of a server whose /metrics can be read. */
  server: z.object({ cpuSeconds: z.number(), cpuMsPerCall: z.number() }).nullable(),
  audit: auditSchema,
  thresholds: z.array(thresholdResultSchema),
  exitCode: z.int(),
});

export type Counters = z.infer<typeof countersSchema>;
export type Quantiles = z.infer<typeof quantilesSchema>;
export type Sample = z.infer<typeof sampleSchema>;
export type Trace = z.infer<typeof traceSchema>;
export type TraceEvent = z.infer<typeof traceEventSchema>;
export type Audit = z.infer<typeof auditSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type ThresholdResult = z.infer<typeof thresholdResultSchema>;
export type Summary = z.infer<typeof summarySchema>;

/** All that is kept of a run. */
export interface LoadResult {
  summary: Summary;
  samples: Sample[];
  traces: Trace[];
}
