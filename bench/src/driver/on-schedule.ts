export interface Schedule {
  perSecond: number;
  durationMs: number;
}

/**
 * Fires at the times of an open schedule: what is late is made up for at once, and nothing waits for an answer,
 * so that a server that stalls is not asked less.
 *
 * @param halt - ends it early
 * @returns by how many milliseconds each was late
 */
export async function onSchedule(
  { perSecond, durationMs }: Schedule,
  fire: () => void,
  halt: AbortSignal,
): Promise<number[]> {
  const startedAt = performance.now();
  const late: number[] = [];
  const total = Math.floor((durationMs / 1000) * perSecond);
  while (late.length < total && !halt.aborted) {
    const wait = startedAt + (late.length * 1000) / perSecond - performance.now();
    if (wait > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
    } else {
      late.push(-wait);
      fire();
    }
  }
  return late;
}
