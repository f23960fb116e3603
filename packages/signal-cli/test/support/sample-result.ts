import { Durations, PhaseDurations } from '../../src/load/histograms.ts';
import { PHASES, type Phase } from '../../src/load/phases.ts';
import type { LoadPlan } from '../../src/load/plan.ts';
import { exponential, randomOf } from '../../src/load/random.ts';
import { rateAt } from '../../src/load/rate.ts';
import type { Counters, LoadResult, Sample, Summary, Trace } from '../../src/load/result.ts';

interface SampleOptions {
  plan?: Partial<LoadPlan>;
  /** Laid over the finished summary. */
  summary?: Partial<Summary>;
  traces?: Trace[];
  /** All that the server does takes so many times as long. */
  slowness?: number;
}

const STEP_MS = 500;
const JOINING_MS = 3_000;
const DRAINING_MS = 2_000;
/** What each phase takes at least, and by chance on top of it, in milliseconds. */
const USUAL: Record<Phase, readonly [number, number]> = {
  login: [3, 4],
  connect: [2, 3],
  join: [1, 1.5],
  presence: [1.2, 2],
  pdd: [0.9, 0.8],
  setup: [1.8, 1.4],
  ice_relay: [0.4, 0.5],
  teardown: [0.8, 0.7],
  ping: [0.3, 0.2],
};
const WHILE_JOINING: readonly Phase[] = ['login', 'connect', 'join', 'presence'];
/** A stall in the middle, so that a chart has something to show. */
const STALL = 8;

/**
 * A run as it could have been: two minutes up to 200 calls a second, with a stall of the server in the middle. The same
 * options give the same result.
 */
export function sampleResult({ plan: changes, summary, traces, slowness = 1 }: SampleOptions = {}): LoadResult {
  const plan: LoadPlan = { ...PLAN, ...changes };
  const random = randomOf(plan.seed, 0);
  const whole = new PhaseDurations();
  const [loopDelay, late] = [new Durations(), new Durations()];
  const samples: Sample[] = [];
  let counters = emptyCounters();
  for (let atMs = -JOINING_MS; atMs <= plan.durationMs + DRAINING_MS; atMs += STEP_MS) {
    const stage = atMs < 0 ? 'joining' : atMs <= plan.durationMs ? 'calling' : 'draining';
    const target = stage === 'calling' ? targetAt(plan, atMs) : 0;
    const calls = Math.round((target * STEP_MS) / 1000);
    const joins = stage === 'joining' ? Math.round((plan.users * STEP_MS) / JOINING_MS) : 0;
    const isStalled = Math.abs(atMs - plan.durationMs / 2) < STEP_MS;
    const recent = new PhaseDurations();
    for (const phase of PHASES) {
      const [least, chance] = USUAL[phase];
      const isNow = phase === 'ping' || WHILE_JOINING.includes(phase) === (stage === 'joining');
      const some = !isNow ? 0 : phase === 'ping' ? 2 : Math.min(60, joins + calls);
      for (let at = 0; at < some; at += 1) {
        const ms = (least + exponential(random, chance)) * slowness * (isStalled ? STALL : 1);
        recent.record(phase, ms);
        whole.record(phase, ms);
      }
    }
    const delay = 0.5 + exponential(random, 0.6);
    loopDelay.record(delay);
    late.record(delay / 2);
    counters = after(counters, calls, joins, isStalled);
    samples.push({
      atMs,
      stage,
      online: Math.min(plan.users, counters.presence.joins),
      concurrent: Math.round(target * (stage === 'calling' ? Math.min(atMs / 1000, 8) : 0)),
      targetPerSecond: target,
      counters,
      recent: recent.quantiles(),
      generator: {
        cpuPercent: 12 + target / 5,
        rssMiB: 120 + samples.length / 10,
        loopDelayMs: delay,
        lateMs: delay / 2,
      },
    });
  }
  return { summary: { ...summarize(), ...summary }, samples, traces: traces ?? TRACES };

  function summarize(): Summary {
    const encoded = whole.encode();
    const phases: Summary['phases'] = {};
    // the keys of phases are phases
    for (const [phase, quantiles] of Object.entries(whole.quantiles()))
      phases[phase as Phase] = { ...quantiles, histogram: encoded[phase as Phase] ?? '' };
    const { completed } = counters.outcomes;
    return {
      version: 1,
      startedAt: '2026-01-31T12:00:00.000Z',
      ranMs: plan.durationMs,
      isInterrupted: false,
      plan,
      changes: [],
      environment: { cli: '0.1.0', node: 'v20.20.2', platform: 'linux x64', cpus: 2, host: 'sample' },
      verdict: { status: 'VALID', reasons: [] },
      counters,
      asr: counters.placed === 0 ? 0 : completed / counters.placed,
      peakConcurrent: Math.max(...samples.map(({ concurrent }) => concurrent)),
      phases,
      generator: {
        cpuSeconds: counters.placed * 0.0021,
        cpuMsPerCall: 2.1,
        peakRssMiB: 148.5,
        loopDelayMs: loopDelay.quantiles(),
        lateMs: late.quantiles(),
      },
      server: { cpuSeconds: counters.placed * 0.0013 * slowness, cpuMsPerCall: 1.3 * slowness },
      audit: {
        orphans: [],
        activeCalls: { before: 0, after: 0 },
        onlineUsers: { before: 0, after: 0 },
        serverRssMiB: { before: 96.2, after: 101.7 },
      },
      thresholds: [
        { expression: 'setup.p99<100ms', actual: whole.quantiles().setup?.p99 ?? null, isMet: true },
        { expression: 'orphan==0', actual: 0, isMet: true },
      ],
      exitCode: 0,
    };
  }
}

const PLAN: LoadPlan = {
  urls: ['http://localhost:3001'],
  path: '/socket.io',
  seed: 7,
  users: 600,
  prefix: 'load',
  arrivals: {
    model: 'open',
    spacing: 'poisson',
    stages: [
      { atMs: 0, perSecond: 20 },
      { atMs: 60_000, perSecond: 200 },
    ],
  },
  durationMs: 120_000,
  mix: {
    hold: { kind: 'exp', ms: 8_000 },
    answerDelay: { kind: 'uniform', ms: 400 },
    reject: 0.05,
    noAnswer: 0.03,
    cancel: 0.02,
    ice: 8,
    sdp: 'chrome',
  },
  topology: 'pairs',
  workers: 2,
  rtcSample: 0,
  stepTimeoutMs: 10_000,
};

/** Of a slow call and of one that failed. */
const TRACES: Trace[] = [
  {
    callId: '0197c5a2-slow',
    caller: 'load-0004',
    callee: 'load-0005',
    outcome: 'completed',
    setupMs: 48.213,
    events: [
      { atMs: 0.4, side: 'caller', direction: 'sent', event: 'call_user', summary: 'offer, 2130 bytes' },
      { atMs: 31.9, side: 'callee', direction: 'received', event: 'incoming_call', summary: 'offer, 2130 bytes' },
      { atMs: 33.2, side: 'callee', direction: 'sent', event: 'accept_call', summary: 'answer, 1894 bytes' },
      { atMs: 49.6, side: 'caller', direction: 'received', event: 'call_accepted', summary: 'answer, 1894 bytes' },
      { atMs: 8_050.1, side: 'caller', direction: 'sent', event: 'end_call', summary: '' },
      { atMs: 8_051.7, side: 'callee', direction: 'received', event: 'call_ended', summary: 'hangup' },
    ],
  },
  {
    callId: '0197c5a2-failed',
    caller: 'load-0010',
    callee: 'load-0011',
    outcome: 'failed',
    failure: 'timeout',
    events: [
      { atMs: 0.6, side: 'caller', direction: 'sent', event: 'call_user', summary: 'offer, 2130 bytes' },
      { atMs: 3.1, side: 'callee', direction: 'received', event: 'incoming_call', summary: 'offer, 2130 bytes' },
      { atMs: 5.2, side: 'callee', direction: 'sent', event: 'accept_call', summary: 'answer, 1894 bytes' },
    ],
  },
];

function targetAt({ arrivals }: LoadPlan, atMs: number): number {
  return arrivals.model === 'open' ? rateAt(arrivals.stages, atMs) : 0;
}

function emptyCounters(): Counters {
  const outcomes = { completed: 0, rejected: 0, no_answer: 0, cancelled: 0, merged: 0, busy: 0, offline: 0, failed: 0 };
  const ice = { sent: 0, received: 0, lost: 0, duplicated: 0, reordered: 0, misrouted: 0 };
  return {
    planned: 0,
    placed: 0,
    dropped: 0,
    outcomes,
    failures: {},
    ice,
    presence: { joins: 0, messages: 0, bytes: 0 },
  };
}

/** All calls end in the step in which they began: what matters is how it looks. */
function after(before: Counters, calls: number, joins: number, isStalled: boolean): Counters {
  const total = before.placed + calls;
  const share = (part: number) => Math.floor(total * part);
  const failed = before.outcomes.failed + (isStalled && calls > 0 ? 1 : 0);
  const others = { rejected: share(0.05), no_answer: share(0.03), cancelled: share(0.02) };
  const rest = total - others.rejected - others.no_answer - others.cancelled - failed;
  return {
    planned: total,
    placed: total,
    dropped: 0,
    outcomes: { completed: rest, ...others, merged: 0, busy: 0, offline: 0, failed },
    failures: failed > 0 ? { timeout: failed } : {},
    ice: { sent: rest * 16, received: rest * 16, lost: 0, duplicated: 0, reordered: 0, misrouted: 0 },
    presence: {
      joins: before.presence.joins + joins,
      messages: before.presence.messages + joins * 4,
      bytes: before.presence.bytes + joins * 900,
    },
  };
}
