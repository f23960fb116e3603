import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readResult } from '../../../../src/load/outputs/read-result.ts';
import {
  appendStepSummary,
  prepareOutputDir,
  writeOutputs,
  writeWhole,
} from '../../../../src/load/outputs/write-outputs.ts';
import { summarySchema } from '../../../../src/load/result.ts';
import { hostileResult } from '../../../support/hostile.ts';
import { sampleResult } from '../../../support/sample-result.ts';

const FILES = ['junit.xml', 'report.html', 'report.md', 'summary.json', 'timeseries.csv', 'traces.json'];
const result = sampleResult({ plan: { durationMs: 4_000 } });
let dir: string;

beforeEach(() => {
  // that of a CI that runs these tests is not for them
  vi.stubEnv('GITHUB_STEP_SUMMARY', '');
  dir = mkdtempSync(join(tmpdir(), 'signal-cli-outputs-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

test('[REPORT-1] a run is kept in six files, in a folder that is made, and nothing else is left there', async () => {
  const deep = join(dir, 'a', 'b');
  expect((await writeOutputs(deep, result)).toSorted()).toEqual(FILES);
  expect(readdirSync(deep).toSorted()).toEqual(FILES);
  const summary = JSON.parse(readFileSync(join(deep, 'summary.json'), 'utf8'));
  expect(summarySchema.parse(summary)).toEqual(result.summary);
  await writeOutputs(deep, result);
  expect(readdirSync(deep)).toHaveLength(FILES.length);
});

test('[REPORT-1] who reads a file while it is written again sees the old one, whole', async () => {
  const file = join(dir, 'report.md');
  await writeWhole(file, 'the old one');
  const reader = await open(file);
  await writeWhole(file, 'new');
  expect(await reader.readFile('utf8')).toBe('the old one');
  await reader.close();
  expect(readFileSync(file, 'utf8')).toBe('new');
});

test.each([
  ['a sample', result],
  ['a hostile one', hostileResult()],
])('[REPORT-9] what was kept is read again: %s', async (_, some) => {
  await writeOutputs(dir, some);
  const read = await readResult(dir);
  expect(read.summary).toEqual(some.summary);
  expect(read.samples).toEqual(some.samples);
  expect(read.traces).toEqual(some.traces);
});

test('[REPORT-2] a summary that does not fit its schema is not written', async () => {
  const broken = { ...result, summary: { ...result.summary, asr: Number.NaN } };
  await expect(writeOutputs(dir, broken)).rejects.toThrow();
  expect(readdirSync(dir)).toEqual([]);
});

test('[REPORT-1] a folder that cannot be one is wrong usage', async () => {
  writeFileSync(join(dir, 'file'), '');
  await expect(prepareOutputDir(join(dir, 'file', 'x'))).rejects.toMatchObject({ exit: 'usage' });
  await expect(prepareOutputDir(join(dir, 'file'))).rejects.toMatchObject({ exit: 'usage' });
});

test('[REPORT-8] the Markdown is appended to the summary of a CI step, where there is one', async () => {
  const file = join(dir, 'step');
  writeFileSync(file, 'before\n');
  vi.stubEnv('GITHUB_STEP_SUMMARY', file);
  await writeOutputs(join(dir, 'out'), result);
  const markdown = readFileSync(join(dir, 'out', 'report.md'), 'utf8');
  expect(readFileSync(file, 'utf8')).toBe(`before\n${markdown}\n`);
  await appendStepSummary(result.summary, {});
  await appendStepSummary(result.summary, { GITHUB_STEP_SUMMARY: '' });
  expect(readFileSync(file, 'utf8')).toBe(`before\n${markdown}\n`);
});
