const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long an offer that was refused waits to be made again, in milliseconds: twice as long each time. */
export function offerRetryMs(refusals: number, askedMs: number): number {
  return Math.max(askedMs, Math.min(FIRST_MS * 2 ** refusals, LONGEST_MS));
}
