import type { LoadPlan, Mix, Span } from './plan.js';
import { exponential, type Random, randomOf } from './random.js';
import { arrivalClock } from './rate.js';

/** What a callee does, or a caller who gives up. */
type Behaviour = 'answer' | 'reject' | 'no_answer' | 'cancel';

/** One call of the load, settled before the run begins. */
export interface PlannedCall {
  /** Counts from 0, over all workers. */
  number: number;
  /** When it is due, in milliseconds after the beginning; of a closed run: as soon as there is room. */
  atMs: number;
  behaviour: Behaviour;
  /** How long it lasts once it is answered, in milliseconds. */
  holdMs: number;
  /** How long the callee thinks, or the caller has patience who cancels, in milliseconds. */
  answerDelayMs: number;
  /** Whether it opens a real data channel. */
  isRtc: boolean;
}

const ARRIVALS = -1;

/**
 * The calls of a run in the order of their time: the same plan gives the same ones.
 *
 * @returns endless for the closed model, until the end of the plan for the open one
 * @see SPEC.md, rule LOAD-2
 */
export function* schedule(plan: LoadPlan): Generator<PlannedCall, void> {
  const due = plan.arrivals.model === 'open' ? arrivalTimes(plan) : always();
  let number = 0;
  for (const atMs of due) {
    yield { number, atMs, ...drawCall(plan, randomOf(plan.seed, number)) };
    number += 1;
  }
}

function* always(): Generator<number, never> {
  for (;;) yield 0;
}

function* arrivalTimes({ arrivals, durationMs, seed }: LoadPlan): Generator<number, void> {
  if (arrivals.model !== 'open') return;
  const random = randomOf(seed, ARRIVALS);
  const isPoisson = arrivals.spacing === 'poisson';
  const timeOf = arrivalClock(arrivals.stages, durationMs);
  // evenly: one call each time one more is due, the first at once
  let amount = isPoisson ? exponential(random, 1) : 0;
  for (let at = timeOf(amount); at !== undefined; at = timeOf(amount)) {
    yield at;
    amount += isPoisson ? exponential(random, 1) : 1;
  }
}

function drawCall({ mix, rtcSample }: LoadPlan, random: Random): Omit<PlannedCall, 'number' | 'atMs'> {
  return {
    behaviour: drawBehaviour(mix, random()),
    holdMs: draw(mix.hold, random),
    answerDelayMs: draw(mix.answerDelay, random),
    isRtc: random() < rtcSample,
  };
}

function drawBehaviour({ reject, noAnswer, cancel }: Mix, chance: number): Behaviour {
  if (chance < reject) return 'reject';
  if (chance < reject + noAnswer) return 'no_answer';
  return chance < reject + noAnswer + cancel ? 'cancel' : 'answer';
}

function draw({ kind, ms }: Span, random: Random): number {
  // drawn for all kinds, so that another kind does not move what is drawn after it
  const chance = random();
  if (kind === 'exp') return exponential(() => chance, ms);
  return kind === 'uniform' ? chance * ms : ms;
}
