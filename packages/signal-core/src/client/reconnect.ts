const MIN_MS = 500;
const MAX_MS = 10_000;
const IN_CALL_MIN_MS = 100;
const IN_CALL_MAX_MS = 2_000;

/**
 * How long to wait before the next attempt to come back: full jitter under a limit that doubles, so that a thousand
 * clients that were lost together do not return together. With a live call at once, and then at most 2 s apart, since
 * the server keeps the call for a few seconds only.
 *
 * @param attempt - from 0: how many have failed since the loss
 * @param hasLiveCall - whether a call waits for the connection
 * @param random - from 0 to 1
 * @returns milliseconds
 * @see SPEC.md, rule CLIENT-3
 */
export function reconnectDelay(attempt: number, hasLiveCall: boolean, random: () => number): number {
  if (hasLiveCall && attempt === 0) return 0;
  const min = hasLiveCall ? IN_CALL_MIN_MS : MIN_MS;
  const max = hasLiveCall ? IN_CALL_MAX_MS : MAX_MS;
  const limit = Math.min(max, min * 2 ** (attempt + 1));
  return min + random() * (limit - min);
}
