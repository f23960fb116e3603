import { describe, expect, test } from 'vitest';
import { decadesAround, formatMoment, momentsBetween, ticksTo } from '../../../../src/load/outputs/charts/scale.ts';
import { stepsOf } from '../../../../src/load/outputs/charts/steps.ts';
import { timeChart } from '../../../../src/load/outputs/charts/time-chart.ts';
import { reportHtml } from '../../../../src/load/outputs/html/report-html.ts';
import { sampleResult } from '../../../support/sample-result.ts';

const { samples, summary } = sampleResult();

describe('[REPORT-5] what charts are drawn from', () => {
  test('[REPORT-5] many samples become a few steps, and no peak gets lost', () => {
    const steps = stepsOf(samples, 20);
    expect(steps.length).toBeLessThanOrEqual(20);
    const worst = Math.max(...samples.map(({ recent }) => recent.setup?.p99 ?? 0));
    expect(Math.max(...steps.map((step) => step.worst.setup?.p99 ?? 0))).toBe(worst);
    expect(Math.max(...steps.map(({ concurrent }) => concurrent))).toBe(summary.peakConcurrent);
  });

  test('[REPORT-5] what was placed in all steps is what was placed in all', () => {
    for (const most of [7, 50, 1_000]) {
      const placed = stepsOf(samples, most).reduce(
        (sum, { fromMs, toMs, placed: perSecond }) => sum + (perSecond * (toMs - fromMs)) / 1000,
        0,
      );
      expect(placed).toBeCloseTo(summary.counters.placed, 6);
    }
  });

  test('[REPORT-5] a run without samples, or with one, has no steps', () => {
    expect(stepsOf([], 10)).toEqual([]);
    expect(stepsOf(samples.slice(0, 1), 10)).toEqual([]);
    expect(reportHtml({ summary, samples: [], traces: [] })).not.toContain('Over time');
  });

  test('[REPORT-5] two samples of one instant make no rate', () => {
    const [, second] = samples;
    if (second === undefined) throw new Error('there are samples');
    expect(stepsOf([second, second], 10)[0]?.placed).toBe(0);
  });
});

describe('[REPORT-5] the axes of charts', () => {
  test.each([
    [0, [0, 0.25, 0.5, 0.75, 1]],
    [7, [0, 2, 4, 6, 8]],
    [200, [0, 50, 100, 150, 200]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [1_340, [0, 500, 1_000, 1_500]],
  ])('[REPORT-5] round values reach %d', (most, ticks) => {
    expect(ticksTo(most)).toEqual(ticks);
  });

  test('[REPORT-5] moments are round, too', () => {
    expect(momentsBetween(-3_000, 120_000).map(formatMoment)).toEqual(['0', '30 s', '1:00', '1:30', '2:00']);
    expect(momentsBetween(-2_500, 0).map(formatMoment)).toEqual(['−2 s', '−1 s', '0']);
    expect(momentsBetween(0, 7_200_000).map(formatMoment)).toEqual(['0', '30:00', '1:00:00', '1:30:00', '2:00:00']);
    expect(momentsBetween(0, 86_400_000)).toHaveLength(5);
  });

  test('[REPORT-5] powers of ten are around what there is', () => {
    expect(decadesAround(0.4, 37)).toEqual([0.1, 1, 10, 100]);
    expect(decadesAround(5, 5)).toEqual([1, 10]);
    expect(decadesAround(0, 0)).toEqual([0.001, 0.01]);
  });
});

test('[REPORT-5] a line has a gap where nothing was timed', () => {
  const chart = timeChart({
    label: 'gap',
    steps: stepsOf(samples.slice(-6), 5),
    series: [{ name: 'x', paint: 's1', of: ({ toMs }) => (toMs === samples.at(-3)?.atMs ? undefined : 1) }],
    kind: 'lines',
    format: String,
  });
  expect(chart.markup.match(/<path [^>]*d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(2);
});

test('[REPORT-5] a stack is as high as its parts together', () => {
  const steps = stepsOf(samples, 5);
  const half = (paint: string) => ({ name: paint, paint, of: () => 50 });
  const chart = timeChart({ label: 'stack', steps, series: [half('s1'), half('s2')], kind: 'stack', format: String });
  const tops = [...chart.markup.matchAll(/V([\d.]+)H/g)].map(([, y]) => Number(y));
  // 170 high, 8 above and 22 below the plot; the axis ends at 100
  expect(new Set(tops)).toEqual(new Set([78, 8]));
});
