import type { Population } from './population.js';

export interface SettlePlan {
  /** Wait until the first user has got a list of this many users; 0: wait for no list. */
  listed: number;
  /** Then wait until nothing has come to anybody for this long. */
  quietMs: number;
  /** Stop waiting after this many milliseconds. */
  limitMs: number;
}

export interface SettleResult {
  settled: boolean;
  /** Payload bytes to all clients since they connected. */
  bytes: number;
  /** The last list that the first user got. */
  list: { users: number; bytes: number };
}

/** Waits until the server has told everybody what it had to tell after the last join. */
export async function settle(population: Population, plan: SettlePlan): Promise<SettleResult> {
  const deadline = performance.now() + plan.limitMs;
  let bytes = population.bytesReceived;
  let quietSince = performance.now();
  let settled = false;
  while (!settled && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = population.bytesReceived;
    if (now !== bytes || population.list.users < plan.listed) quietSince = performance.now();
    bytes = now;
    settled = performance.now() - quietSince >= plan.quietMs;
  }
  return { settled, bytes, list: population.list };
}
