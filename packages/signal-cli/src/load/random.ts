/** Draws from 0 up to, but not, 1. */
export type Random = () => number;

/**
 * Seeded chance (mulberry32): the same numbers give the same draws.
 *
 * @param seed - any whole number
 * @param stream - draws of one stream do not move those of another
 */
export function randomOf(seed: number, stream: number): Random {
  let state = (seed ^ Math.imul(stream + 1, 0x9e3779b1)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The time between two of what happens once in `mean` by chance alone. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean;
}
