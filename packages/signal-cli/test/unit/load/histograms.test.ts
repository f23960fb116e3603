import { expect, test } from 'vitest';
import { Durations, PhaseDurations } from '../../../src/load/histograms.ts';
import { exponential, randomOf } from '../../../src/load/random.ts';

const random = randomOf(1, 1);
const SAMPLES = Array.from({ length: 40_000 }, () => exponential(random, 20));

test('[LOAD-3] histograms of four workers, merged, give what one gives with the same samples', () => {
  const one = new PhaseDurations();
  const four = Array.from({ length: 4 }, () => new PhaseDurations());
  for (const [n, ms] of SAMPLES.entries()) {
    one.record('setup', ms);
    four[n % 4]?.record('setup', ms);
  }
  const merged = new PhaseDurations();
  for (const worker of four) merged.add(worker.encode());
  expect(merged.quantiles()).toEqual(one.quantiles());
  expect(merged.encode()).toEqual(one.encode());
});

test('[LOAD-3] percentiles agree with those of the raw samples within the digits kept', () => {
  const durations = new Durations();
  for (const ms of SAMPLES) durations.record(ms);
  const sorted = [...SAMPLES].sort((a, b) => a - b);
  const found = durations.quantiles();
  for (const [name, percent] of [
    ['p50', 50],
    ['p90', 90],
    ['p95', 95],
    ['p99', 99],
    ['p99.9', 99.9],
  ] as const) {
    const raw = sorted[Math.round((percent / 100) * sorted.length) - 1] ?? 0;
    expect(Math.abs(found[name] - raw) / raw).toBeLessThan(0.002);
  }
  expect(found.count).toBe(SAMPLES.length);
  expect(found.max / (sorted.at(-1) ?? 0)).toBeCloseTo(1, 2);
});

test('[LOAD-3] what is negative counts as nothing, what is longer than ten minutes as ten minutes', () => {
  const durations = new Durations();
  durations.record(-5);
  durations.record(10_000_000);
  const { min, max, count } = durations.quantiles();
  expect([min, count]).toEqual([0, 2]);
  expect(max / 600_000).toBeCloseTo(1, 2);
});

test('[LOAD-3] a phase without samples is left out', () => {
  const phases = new PhaseDurations();
  phases.record('ping', 1);
  phases.reset();
  phases.record('join', 2);
  expect(Object.keys(phases.quantiles())).toEqual(['join']);
  expect(new Durations().quantiles()).toMatchObject({ count: 0, min: 0, mean: 0, max: 0 });
});
