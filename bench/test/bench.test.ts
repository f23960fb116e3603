import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { chooseCores } from '../src/processes/cores.js';
import { measureCalls } from '../src/scenarios/calls.js';
import { measureRamp } from '../src/scenarios/ramp.js';
import { SUBJECT_NAMES } from '../src/subjects.js';

const CALLS = 48;

beforeAll(() => {
  // Servers and driver run as processes of their own, so they run compiled.
  const compiler = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace('package.json', 'bin/tsc');
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout);
}, 120_000);

it.each(SUBJECT_NAMES)('[BENCH-1] %s completes every call, with every message of it', async (subject) => {
  const result = await measureCalls(subject, chooseCores(), {
    users: 16,
    atOnce: 4,
    warmUpCalls: 4,
    measuredCalls: CALLS,
    limitMs: 20_000,
  });
  expect(result).toMatchObject({ completed: CALLS, failed: 0 });
  expect(result.callsPerCpuSecond).toBeGreaterThan(0);
  expect(result.candidateP99Ms).toBeGreaterThanOrEqual(result.candidateP50Ms);
});

it('[BENCH-1] the lists that a ramp brings are counted', async () => {
  const result = await measureRamp('legacy', chooseCores(), { users: 12, atOnce: 4, limitMs: 20_000 });
  expect(result.joined).toBe(12);
  expect(result.list.users).toBe(12);
  // The last join alone sends everybody the list.
  expect(result.bytes).toBeGreaterThan(12 * result.list.bytes);
});
