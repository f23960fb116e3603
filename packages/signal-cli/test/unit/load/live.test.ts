import { expect, test } from 'vitest';
import { widthOf } from '../../../src/format/text-width.ts';
import { liveLines } from '../../../src/load/live/live-lines.ts';
import { LiveRun } from '../../../src/load/live/live-run.ts';
import { sparkline } from '../../../src/load/live/sparkline.ts';
import type { RunControl } from '../../../src/load/run-control.ts';
import { sampleResult } from '../../support/sample-result.ts';

const { summary, samples } = sampleResult();

function recorded(): { control: RunControl; asked: unknown[] } {
  const asked: unknown[] = [];
  const control: RunControl = {
    scaleRate: (factor) => asked.push(Math.round(factor * 100)),
    setPaused: (isPaused) => asked.push(isPaused),
    drain: () => asked.push('drain'),
  };
  return { control, asked };
}

function running(): LiveRun {
  const live = new LiveRun();
  for (const sample of samples) live.sample(sample);
  live.note('odd \x1b[31m note');
  return live;
}

test('[LOAD-14] keys change the rate, pause and drain, also several in one piece', () => {
  const { control, asked } = recorded();
  const live = new LiveRun();
  live.press({ name: 'text', text: '+-*/' }, control);
  live.press({ name: 'text', text: 'pp' }, control);
  live.press({ name: 'enter' }, control);
  live.press({ name: 'text', text: 'xq' }, control);
  expect(asked).toEqual([110, 91, 200, 50, true, false, 'drain']);
});

test('[LOAD-14] whoever draws is told of each sample and note', () => {
  const live = new LiveRun();
  let drawings = 0;
  const stop = live.subscribe(() => {
    drawings += 1;
  });
  for (const sample of samples.slice(0, 3)) live.sample(sample);
  live.note('now');
  stop();
  live.note('later');
  expect(drawings).toBe(4);
});

test.each([
  [80, 24],
  [60, 20],
  [200, 60],
  [30, 5],
])(
  '[LOAD-14] [DASH-2] at %i columns and %i rows a frame is shorter than the terminal, and no wider',
  (columns, rows) => {
    for (const state of [new LiveRun().get(), running().get()]) {
      const lines = liveLines(summary.plan, state, { columns, rows });
      expect(lines.length).toBeLessThan(rows);
      expect(lines.at(-1)?.text).toMatch(/^\+ - a tenth/);
      for (const { text } of lines) expect(widthOf(text)).toBeLessThanOrEqual(columns);
      expect(lines.map(({ text }) => text).join('')).not.toMatch(/\p{Cc}/u);
    }
  },
);

test('[LOAD-14] a frame says where the run is, what it does, and how long each phase takes', () => {
  const text = liveLines(summary.plan, running().get(), { columns: 120, rows: 40 })
    .map((line) => line.text)
    .join('\n');
  const last = samples.at(-1);
  expect(text).toContain(`placed      ${last?.counters.placed}`);
  expect(text).toContain(`${last?.counters.outcomes.completed} completed`);
  expect(text).toMatch(/setup +[\d.]+ m?s +[\d.]+ m?s +[▁▂▃▄▅▆▇█]+/);
  expect(text).toMatch(/generator +\d+ % CPU/);
});

test('[LOAD-14] a sparkline is the last minute, the highest bar full, each bar the highest of its part', () => {
  const points = (...values: [number, number][]) => values.map(([seconds, value]) => ({ atMs: seconds * 1000, value }));
  expect(sparkline(points([1, 0], [2, 7], [3, 14]), 60)).toBe('▁▅█');
  expect(sparkline(points([1, 0], [2, 0]), 60)).toBe('▁▁');
  expect(sparkline(points([0, 99], [61, 1], [62, 2], [63, 8]), 20)).toBe('█');
  expect(sparkline(points([50, 4], [60, 8]), 20)).toBe('▅▁▁█');
  expect(sparkline([], 20)).toBe('');
});

test('[LOAD-14] what goes wrong is said in words', () => {
  const live = running();
  const last = samples.at(-1);
  if (last === undefined) throw new Error('no samples');
  const { counters, generator } = last;
  live.sample({
    ...last,
    counters: { ...counters, ice: { ...counters.ice, lost: 3 } },
    generator: { ...generator, lateMs: 90 },
  });
  const text = liveLines(summary.plan, live.get(), { columns: 60, rows: 40 })
    .map((line) => line.text)
    .join('\n');
  expect(text).toMatch(/candidates .*, 3 LOST/);
  expect(text).toMatch(/generator .*SLOW/);
});
