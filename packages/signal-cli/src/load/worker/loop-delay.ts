import type { Durations } from '../histograms.js';

const EVERY_MS = 10;

/**
 * Measures how long the event loop is held up, each stretch of 10 ms counting once: a second of standing still is
 * a hundred of them, not one, and percentiles are of the time. (`monitorEventLoopDelay` would count it once, and its
 * histograms cannot be merged over processes.)
 *
 * @returns how to stop
 */
export function watchLoop(durations: Durations): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    for (let delay = Math.max(0, now - last - EVERY_MS); delay >= 0; delay -= EVERY_MS) durations.record(delay);
    last = now;
  }, EVERY_MS);
  return () => clearInterval(timer);
}
