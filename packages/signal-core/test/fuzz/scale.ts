/** The gate and `npm run test:full` run the figures of the promises; a person's `npm test` a small part of them. */
export const IS_FULL = process.env.TEST_SCALE === 'full' || Boolean(process.env.CI);

/** How many inputs: all of them, or a twentieth. */
export function inputs(full: number): number {
  return IS_FULL ? full : Math.ceil(full / 20);
}

/** Prints the seed, by which a run is repeated: `FUZZ_SEED=… npx vitest run …`. */
export function fuzzSeed(what: string): number {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`fuzz of ${what}: FUZZ_SEED=${seed}\n`);
  return seed;
}
