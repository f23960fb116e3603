const BARS = '▁▂▃▄▅▆▇█';
const SPAN_MS = 60_000;

/** A value at a moment, in milliseconds. */
export interface Point {
  atMs: number;
  value: number;
}

/**
 * The last minute as bars, the highest of them full; each bar is the highest value of its part of the minute.
 *
 * @param points - the oldest first
 */
export function sparkline(points: readonly Point[], columns: number): string {
  const end = points.at(-1)?.atMs ?? 0;
  const bars: number[] = [];
  for (const { atMs, value } of points) {
    const ago = Math.floor((end - atMs) / (SPAN_MS / columns));
    if (ago < columns) bars[ago] = Math.max(bars[ago] ?? 0, value);
  }
  const highest = Math.max(0, ...bars.filter((value) => value !== undefined));
  const barOf = (value = 0) => BARS[Math.round((highest === 0 ? 0 : value / highest) * (BARS.length - 1))] ?? ' ';
  return Array.from(bars, barOf).reverse().join('');
}
