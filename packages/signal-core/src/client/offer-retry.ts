const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long an offer that was refused waits to be made again, in milliseconds: twice as long each time. */
export function offerRetryMs(refusals: number, askedMs: number): number {
  return Math.max(askedMs, Math.min(FIRST_MS * 2 ** refusals, LONGEST_MS));
}

/** How long a callee that has to begin ICE anew waits for the caller to do so, in milliseconds. */
export const CALLER_FIRST_MS = 1_000;
