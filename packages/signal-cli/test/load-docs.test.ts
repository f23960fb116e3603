import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { EXIT } from '../src/exit-codes.ts';
import { PHASES } from '../src/load/phases.ts';
import { parseThreshold } from '../src/load/thresholds.ts';
import { CliRunner } from './support/cli.ts';

const docs = readFileSync(new URL('../../../docs/load.md', import.meta.url), 'utf8');
const cli = new CliRunner();
afterAll(() => cli.close());

test('docs/load.md names flags that there are', async () => {
  const pages = await Promise.all(
    [['load'], ['report', 'diff'], ['report', 'html']].map((args) => cli.run([...args, '--help'])),
  );
  const help = pages.map(({ stdout }) => stdout).join();
  // these two are of the server
  const flags = new Set(
    (docs.match(/--[a-z][a-z-]+/g) ?? []).filter((flag) => !['--auth', '--metrics'].includes(flag)),
  );
  expect([...flags].filter((flag) => !help.includes(flag))).toEqual([]);
});

test('docs/load.md names every phase, thresholds that can be read, and exit codes that there are', () => {
  for (const phase of PHASES) expect(docs).toContain(`\`${phase}\``);
  const thresholds = docs.match(/[a-z_]+(?:\.p?[a-z0-9.]+)?(?:<|>=|==)\d+(?:ms|%)?/g) ?? [];
  expect(thresholds.length).toBeGreaterThan(5);
  expect(thresholds.map(parseThreshold).filter((threshold) => typeof threshold === 'string')).toEqual([]);
  for (const name of ['incomplete', 'invalid', 'thresholds', 'interrupted'] as const) {
    expect(docs).toContain(`\n| ${EXIT[name]} |`);
  }
});
