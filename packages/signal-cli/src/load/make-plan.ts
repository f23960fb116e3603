import { randomInt } from 'node:crypto';
import { Failure } from '../failure.js';
import type { LoadPlan, Span, Stage } from './plan.js';

/** What was said on the command line; what was not said is undefined. */
export interface LoadFlags {
  rate?: number;
  stages?: Stage[];
  concurrent?: number;
  arrival: 'uniform' | 'poisson';
  /** Milliseconds. */
  duration?: number;
  users?: number;
  hold: Span;
  answerDelay: Span;
  reject: number;
  noAnswer: number;
  cancel: number;
  ice: number;
  sdp: 'chrome' | 'small';
  topology: LoadPlan['topology'];
  workers: number;
  rtcSample: number;
  prefix: string;
}

interface Target {
  urls: readonly URL[];
  path: string;
  seed: number | undefined;
  stepTimeoutMs: number;
}

const DEFAULT_RATE = 10;
const DEFAULT_LENGTH_MS = 30_000;
const FEWEST_USERS = 20;
const MOST_USERS = 20_000;
/** Users beyond those who are in a call on average: arrivals by chance, long calls and slow answers take some. */
const RESERVE = 1.5;
const HIGHEST_SEED = 2 ** 31;

/**
 * The plan that the flags ask for.
 *
 * @throws Failure `usage` when they contradict each other
 */
export function makePlan(
  flags: LoadFlags,
  { urls, path, seed = randomInt(HIGHEST_SEED), stepTimeoutMs }: Target,
): LoadPlan {
  const { hold, answerDelay, reject, noAnswer, cancel, ice, sdp, topology, workers, rtcSample, prefix } = flags;
  const mix = { hold, answerDelay, reject, noAnswer, cancel, ice, sdp };
  if (reject + noAnswer + cancel > 1)
    throw new Failure('usage', '--reject, --no-answer and --cancel are more than all calls');
  const arrivals = arrivalsOf(flags);
  const users = flags.users ?? enoughUsers(arrivals, mix);
  if (arrivals.model === 'closed' && users < arrivals.concurrent * 2) {
    throw new Failure('usage', `--concurrent ${arrivals.concurrent} needs ${arrivals.concurrent * 2} --users or more`);
  }
  if (users < workers * 2) throw new Failure('usage', `--workers ${workers} need ${workers * 2} --users or more`);
  return {
    urls: urls.map(({ href }) => href),
    path,
    seed,
    users,
    prefix,
    arrivals,
    durationMs: flags.duration ?? lengthOf(arrivals),
    mix,
    topology,
    workers,
    rtcSample,
    stepTimeoutMs,
  };
}

/** Until the last stage is reached, where there are several. */
function lengthOf(arrivals: LoadPlan['arrivals']): number {
  const last = arrivals.model === 'open' ? arrivals.stages.at(-1) : undefined;
  return last?.atMs || DEFAULT_LENGTH_MS;
}

function arrivalsOf({ rate = DEFAULT_RATE, stages, concurrent, arrival }: LoadFlags): LoadPlan['arrivals'] {
  if (concurrent !== undefined) return { model: 'closed', concurrent };
  return { model: 'open', spacing: arrival, stages: stages ?? [{ atMs: 0, perSecond: rate }] };
}

/** As many as calls of that mix need, by Little's law, with a reserve. */
function enoughUsers(
  arrivals: LoadPlan['arrivals'],
  { hold, answerDelay }: Pick<LoadPlan['mix'], 'hold' | 'answerDelay'>,
): number {
  const calls =
    arrivals.model === 'closed'
      ? arrivals.concurrent
      : Math.max(...arrivals.stages.map(({ perSecond }) => perSecond)) * ((hold.ms + answerDelay.ms) / 1000 + 0.5);
  const users = Math.ceil(calls * RESERVE) * 2;
  return Math.min(Math.max(users, FEWEST_USERS), MOST_USERS);
}
