import type { Stage } from './plan.js';

/** A stretch of time in which the rate moves in a straight line. */
interface Ramp {
  fromMs: number;
  toMs: number;
  /** Calls a millisecond. */
  fromRate: number;
  toRate: number;
}

/** Calls a second that the stages ask for: straight lines between them, level before the first and after the last. */
export function rateAt(stages: readonly Stage[], atMs: number): number {
  const ramp = rampsOf(stages, Number.POSITIVE_INFINITY).find(({ toMs }) => atMs < toMs);
  if (ramp === undefined) return 0;
  const part = Number.isFinite(ramp.toMs) ? (atMs - ramp.fromMs) / (ramp.toMs - ramp.fromMs) : 0;
  return (ramp.fromRate + (ramp.toRate - ramp.fromRate) * part) * 1000;
}

/**
 * When so much has arrived: the inverse of the rate's integral.
 *
 * @param untilMs - when the schedule ends
 * @returns for each amount, which may only grow, the millisecond; undefined once the schedule ends before it
 */
export function arrivalClock(stages: readonly Stage[], untilMs: number): (amount: number) => number | undefined {
  const ramps = rampsOf(stages, untilMs);
  let before = 0;
  let at = 0;
  return (amount) => {
    for (; at < ramps.length; at += 1) {
      const ramp = ramps[at];
      if (ramp === undefined) return undefined;
      const whole = ((ramp.fromRate + ramp.toRate) / 2) * (ramp.toMs - ramp.fromMs);
      if (amount < before + whole) return ramp.fromMs + timeFor(ramp, amount - before);
      before += whole;
    }
    return undefined;
  };
}

/** How long a ramp takes for so much: the root of rate·t + slope·t²/2 = amount, without loss of digits for a flat one. */
function timeFor({ fromMs, toMs, fromRate, toRate }: Ramp, amount: number): number {
  const slope = (toRate - fromRate) / (toMs - fromMs);
  const root = Math.sqrt(Math.max(0, fromRate * fromRate + 2 * slope * amount));
  return fromRate + root === 0 ? 0 : (2 * amount) / (fromRate + root);
}

function rampsOf(stages: readonly Stage[], untilMs: number): Ramp[] {
  const [first] = stages;
  if (first === undefined) return [];
  const points = [{ ...first, atMs: 0 }, ...stages, { ...(stages.at(-1) ?? first), atMs: untilMs }];
  return points.slice(1).flatMap((to, at) => {
    const from = points[at];
    if (from === undefined || from.atMs >= Math.min(to.atMs, untilMs)) return [];
    return cutAt(
      { fromMs: from.atMs, toMs: to.atMs, fromRate: from.perSecond / 1000, toRate: to.perSecond / 1000 },
      untilMs,
    );
  });
}

/** Of a ramp, what is before the end of the schedule. */
function cutAt(ramp: Ramp, untilMs: number): Ramp {
  if (ramp.toMs <= untilMs) return ramp;
  const part = (untilMs - ramp.fromMs) / (ramp.toMs - ramp.fromMs);
  return { ...ramp, toMs: untilMs, toRate: ramp.fromRate + (ramp.toRate - ramp.fromRate) * part };
}
