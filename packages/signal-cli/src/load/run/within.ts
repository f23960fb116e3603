import { setTimeout as delay } from 'node:timers/promises';

/** Waits for it, but no longer than that. */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const late = delay(ms, undefined, timer).catch(() => {});
  await Promise.race([promise, late]);
  timer.abort();
}
