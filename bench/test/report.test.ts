import { expect, it } from 'vitest';
import { interleave } from '../src/interleave.js';
import { ratio } from '../src/report/figures.js';
import { costOfJoin, meanCostOfRamp } from '../src/report/legacy-cost.js';
import { reportRamp } from '../src/report/ramp-report.js';
import { percentile, spread } from '../src/report/statistics.js';

it('[BENCH-2] servers take turns, round after round', async () => {
  const order: string[] = [];
  const [series] = await interleave(['calls'], ['ws', 'ours'], 2, async (subject) => order.push(subject));
  expect(order).toEqual(['ws', 'ours', 'ws', 'ours']);
  expect(series?.measured.get('ours')).toEqual([2, 4]);
});

it('[BENCH-2] a figure is the median of its rounds with the range, a ratio is one of medians', () => {
  expect(spread([9, 1, 2])).toEqual({ median: 2, min: 1, max: 9 });
  expect(spread([4, 2])).toEqual({ median: 3, min: 2, max: 4 });
  expect(ratio(spread([9, 1, 2]), spread([4, 4, 5]))).toBe('0.50');
  expect(ratio(spread([1]), spread([]))).toBe('–');
});

it('[BENCH-2] percentiles are of the nearest rank', () => {
  const values = Float64Array.from({ length: 200 }, (_, index) => index + 1);
  expect(percentile(values, 50)).toBe(100);
  expect(percentile(values, 99)).toBe(198);
  expect(percentile(new Float64Array(), 50)).toBeNaN();
});

it('[BENCH-3] the computed mean of a legacy ramp is the sum of its joins by their number', () => {
  let sum = 0;
  for (let users = 1; users <= 50; users += 1) sum += costOfJoin(users, 118) + users * 118;
  expect(meanCostOfRamp(50, 118)).toBeCloseTo(sum / 50, 6);
});

it('[BENCH-3] what the legacy server was not seen to do is labelled as computed', () => {
  const scenario = { users: 1600, atOnce: 32, limitMs: 60_000 };
  const legacy = { joined: 900, wallSeconds: 60, bytes: 3e10, list: { users: 900, bytes: 90_000 } };
  const ours = { joined: 1600, wallSeconds: 4, bytes: 1.6e9, list: { users: 1600, bytes: 160_000 } };
  const text = reportRamp([
    {
      scenario,
      measured: new Map([
        ['legacy', [legacy]],
        ['ours', [ours]],
      ]),
    },
  ]);
  expect(text).toContain('**computed**');
  expect(text).toContain('90.0 KB for 900 users, 100 bytes each');
  expect(text).toMatch(/\| 1600 +\| +1,000 \|.+\| +256,000 \|.+\| +1\/256 \|/);
});
