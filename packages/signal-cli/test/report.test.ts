import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { summaryText } from '../src/load/outputs/summary-text.ts';
import { writeOutputs } from '../src/load/outputs/write-outputs.ts';
import { CliRunner, lastOf } from './support/cli.ts';
import { sampleResult } from './support/sample-result.ts';

const cli = new CliRunner();
const fast = join(cli.configDir, 'fast');
const slow = join(cli.configDir, 'slow');
const result = sampleResult({ plan: { durationMs: 10_000 } });

beforeAll(async () => {
  // that of a CI that runs these tests is not for them
  vi.stubEnv('GITHUB_STEP_SUMMARY', '');
  await writeOutputs(fast, result);
  await writeOutputs(slow, sampleResult({ plan: { durationMs: 10_000, users: 700 }, slowness: 2 }));
});
afterAll(() => {
  vi.unstubAllEnvs();
  return cli.close();
});

describe('[REPORT-9] report', () => {
  test('[REPORT-9] show prints a result from its folder or its file', async () => {
    for (const path of [fast, join(fast, 'summary.json')]) {
      const { code, stdout } = await cli.run(['report', 'show', path]);
      expect(code).toBe(0);
      expect(stdout).toBe(`${summaryText(result.summary)}\n`);
    }
  });

  test('[REPORT-9] show --json is the summary in one line', async () => {
    const { records, stdout } = await cli.run(['report', 'show', fast, '--json']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(records[0]).toEqual({ type: 'summary', ...JSON.parse(JSON.stringify(result.summary)) });
  });

  test('[REPORT-9] html draws the same page again; of a summary alone, one without what went by', async () => {
    const again = join(cli.configDir, 'again.html');
    const { code } = await cli.run(['report', 'html', fast, '-o', again]);
    expect(code).toBe(0);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(join(fast, 'report.html'), 'utf8'));

    const alone = join(cli.configDir, 'baseline.json');
    writeFileSync(alone, readFileSync(join(fast, 'summary.json')));
    await cli.run(['report', 'html', alone, '-o', again]);
    expect(readFileSync(again, 'utf8')).not.toContain('Over time');
    expect(readFileSync(again, 'utf8')).toContain('Percentiles');
  });

  const kept = (): Record<string, unknown> => JSON.parse(readFileSync(join(fast, 'summary.json'), 'utf8'));
  test.each([
    ['nothing', undefined, /there is no /],
    ['no JSON', () => 'hello', /is no JSON/],
    ['an empty file', () => '', /is no JSON/],
    ['something else', () => '{"name": "x"}', /is no summary of a load run: /],
    ['null', () => 'null', /is no summary of a load run: /],
    ['one that was changed', () => JSON.stringify({ ...kept(), asr: 'high' }), /is no summary of a load run: asr: /],
    [
      'one of a newer version',
      () => JSON.stringify({ ...kept(), version: 2 }),
      /is of version 2, .* reads 1: use a newer/,
    ],
    [
      'one with a broken histogram',
      () => JSON.stringify({ ...kept(), phases: { setup: { ...result.summary.phases.setup, histogram: 'HISTFAAA' } } }),
      /the histogram of setup cannot be read/,
    ],
  ])('[REPORT-9] %s is one line on stderr and exit code 2', async (_, text, complaint) => {
    const dir = join(cli.configDir, 'wrong');
    mkdirSync(dir, { recursive: true });
    const file = join(dir, 'summary.json');
    if (text !== undefined) writeFileSync(file, text());
    const commands = [
      ['show', file],
      ['diff', fast, file],
      ['html', file, '-o', join(dir, 'x.html')],
    ];
    for (const args of text === undefined ? commands.slice(0, 1) : commands) {
      const { code, stdout, stderr } = await cli.run(['report', ...args]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(complaint);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  test('[REPORT-9] a time series that was changed, and a place that cannot be written to, are too', async () => {
    const dir = join(cli.configDir, 'edited');
    await writeOutputs(dir, result);
    const page = join(dir, 'again.html');
    const unwritable = await cli.run(['report', 'html', dir, '-o', join(dir, 'nowhere', 'x.html')]);
    expect([unwritable.code, unwritable.stderr]).toEqual([
      2,
      expect.stringMatching(/^signal-cli: cannot write .*ENOENT\n$/),
    ]);
    writeFileSync(join(dir, 'timeseries.csv'), 'a,b\n1,2\n');
    const edited = await cli.run(['report', 'html', dir, '-o', page]);
    expect([edited.code, edited.stderr]).toEqual([
      2,
      expect.stringMatching(/^signal-cli: .*timeseries.csv cannot be read.*\n$/),
    ]);
    expect((await cli.run(['report', 'show', dir])).code).toBe(0);
  });
});

describe('[REPORT-10] report diff', () => {
  test('[REPORT-10] compares, says in what the plans differ, and passes by itself', async () => {
    const { code, stdout } = await cli.run(['report', 'diff', fast, slow]);
    expect(code).toBe(0);
    expect(stdout).toContain('plan.users: 600 → 700');
    expect(stdout).toMatch(/^server CPU .* ×2\.00$/m);
  });

  test('[REPORT-10] --fail-over exits with 99 when it is worse by more, and names what', async () => {
    const worse = await cli.run(['report', 'diff', fast, slow, '--fail-over', '20%', '--json']);
    expect(worse.code).toBe(99);
    const { worse: names } = lastOf(worse, 'result');
    expect(names).toEqual(expect.arrayContaining([expect.objectContaining({ metric: 'setup.p99' })]));
    expect(lastOf(worse, 'result')).toMatchObject({ ok: false, exitCode: 99 });
    expect((await cli.run(['report', 'diff', fast, slow, '--fail-over', '400%'])).code).toBe(0);
    expect((await cli.run(['report', 'diff', slow, fast, '--fail-over', '0%'])).code).toBe(0);
  });

  test.each(['20', '-5%', 'much', '%'])('[REPORT-10] --fail-over %s is wrong usage', async (text) => {
    expect((await cli.run(['report', 'diff', fast, slow, '--fail-over', text])).code).toBe(2);
  });
});
