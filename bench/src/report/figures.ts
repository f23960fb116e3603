import { type Spread, spread } from './statistics.js';

/** A number with as many decimals as it needs for three digits. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const decimals = Math.max(0, Math.min(3, 2 - Math.floor(Math.log10(Math.abs(value) || 1))));
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** `median (min–max)`; the median alone when there is no spread. */
export function withRange({ median, min, max }: Spread): string {
  return min === max ? figure(median) : `${figure(median)} (${figure(min)}–${figure(max)})`;
}

/** One figure of several measurements. */
export function spreadOf<M>(measurements: readonly M[] | undefined, read: (measurement: M) => number): Spread {
  return spread((measurements ?? []).map(read));
}

/** One median by another; nothing where either was not measured. */
export function ratio(one: Spread, other: Spread): string {
  const value = one.median / other.median;
  return Number.isFinite(value) ? value.toFixed(2) : '–';
}
