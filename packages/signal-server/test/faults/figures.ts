/** The nightly run has the counts of the promises; the others, a small part of them. */
export const IS_FULL = process.env.TEST_SCALE === 'full';

export function counted(few: number, full: number): number {
  return IS_FULL ? full : few;
}

/** How long it is watched that nothing more happens, in milliseconds. */
export function watched(few: number, full = 30_000): number {
  return IS_FULL ? full : few;
}

/** Says what was measured. */
export function figures(what: string, values: Record<string, number | string>): void {
  const rounded = Object.entries(values).map(
    ([name, value]) => `${name}=${typeof value === 'number' ? Math.round(value) : value}`,
  );
  process.stdout.write(`figures of ${what}: ${rounded.join(' ')}\n`);
}

/** @param share - such as 0.99 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Waits until so long after a moment. @param at - by `performance.now()` */
export function untilAfter(at: number, ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at + ms - performance.now())));
}
