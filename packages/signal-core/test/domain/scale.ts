/** Runs of a property: as many as given, or, under `npm run test:full`, as many as the figures are about. */
export function scaled(runs: number, full = 5_000): number {
  return process.env.TEST_SCALE === 'full' ? full : runs;
}
