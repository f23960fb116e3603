/** Where a value is, in units of the drawing. */
export type Scale = (value: number) => number;

/** A straight line from `from..to` to `start..end`. */
export function linear([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale {
  const width = to - from || 1;
  return (value) => start + ((value - from) / width) * (end - start);
}

/** Round values from 0 to at least `most`, about four of them. */
export function ticksTo(most: number): number[] {
  const rough = (most > 0 ? most : 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const count = Math.ceil((most > 0 ? most : 1) / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)));
}

const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600];

/** Round moments between two, in milliseconds: about five of them. */
export function momentsBetween(fromMs: number, toMs: number): number[] {
  const step = 1000 * (SECONDS.find((seconds) => (toMs - fromMs) / (seconds * 1000) <= 5) ?? 43_200);
  const moments: number[] = [];
  // no −0, which would be written so
  for (let at = Math.ceil(fromMs / step); at * step <= toMs; at += 1) moments.push(at === 0 ? 0 : at * step);
  return moments;
}

/** `0`, `30 s`, `1:30`, `2:00:00`. */
export function formatMoment(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds === 0) return '0';
  const sign = seconds < 0 ? '−' : '';
  const whole = Math.abs(seconds);
  if (whole < 60) return `${sign}${whole} s`;
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return sign + (hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`);
}

/** Powers of ten around what is there. */
export function decadesAround(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(Math.max(least, 0.001)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(most, 0.001))));
  return Array.from({ length: last - first + 1 }, (_, at) => Number((10 ** (first + at)).toPrecision(1)));
}
