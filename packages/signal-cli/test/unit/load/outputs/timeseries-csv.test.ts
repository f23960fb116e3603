import { expect, test } from 'vitest';
import { readTimeseriesCsv, timeseriesCsv } from '../../../../src/load/outputs/timeseries-csv.ts';
import { HOSTILE, hostileResult } from '../../../support/hostile.ts';
import { sampleResult } from '../../../support/sample-result.ts';

const { samples } = sampleResult({ plan: { durationMs: 10_000 } });

test('[REPORT-4] there is a row for each sample, and it reads back as it was written', () => {
  const text = timeseriesCsv(samples);
  expect(text.trimEnd().split('\n')).toHaveLength(samples.length + 1);
  expect(readTimeseriesCsv(text)).toEqual(samples);
  expect(readTimeseriesCsv(timeseriesCsv([]))).toEqual([]);
});

test('[REPORT-4] columns are named as the fields are', () => {
  const [head = '', first = ''] = timeseriesCsv(samples).split('\n');
  const at = head.split(',').indexOf('counters.outcomes.completed');
  expect(first.split(',')[at]).toBe(String(samples[0]?.counters.outcomes.completed));
  expect(head).toContain(',recent.setup.p99.9,');
});

test('[REPORT-6] no cell is a formula, wherever a spreadsheet parts them, and no word is lost', () => {
  const { samples: hostile } = hostileResult();
  const text = timeseriesCsv(hostile);
  expect(readTimeseriesCsv(text)).toEqual(hostile);
  expect(text.split('\n')).toHaveLength(hostile.length + 2);
  for (const line of text.split('\n')) {
    for (const cell of line.split(/[,;\t]/)) expect(cell).not.toMatch(/^["']*\s*([=+@]|-\D)/);
  }
  expect(HOSTILE.every((reason) => hostile[0]?.counters.failures[reason] !== undefined)).toBe(true);
});

test.each([
  '',
  'a,b\n1,2\n',
  timeseriesCsv(samples).replace('joining', 'sleeping'),
  timeseriesCsv(samples).replace(',', ',x'),
])('[REPORT-4] what was not written so is not read (%#)', (text) => {
  expect(() => readTimeseriesCsv(text)).toThrow();
});
