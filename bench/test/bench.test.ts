import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { chooseCores } from '../src/processes/cores.js';
import { measureCalls } from '../src/scenarios/calls.js';
import { measureChurn } from '../src/scenarios/churn.js';
import { measurePresence } from '../src/scenarios/presence.js';
import { measureRamp } from '../src/scenarios/ramp.js';
import { subjectsOf } from '../src/subjects.js';

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

it.each(subjectsOf('calls'))('[BENCH-1] %s completes every call, with every message of it', async (subject) => {
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

it('[BENCH-5] a change costs a list where lists are sent, and less than 200 bytes where changes are', async () => {
  const scenario = {
    users: 12,
    loneUsers: 1,
    listWatchers: 4,
    legacyUsers: 12,
    storm: { perSecond: 20, durationMs: 500 },
  };
  const [legacy, lists, delta] = [
    await measurePresence('legacy', chooseCores(), scenario),
    await measurePresence('ours', chooseCores(), scenario),
    await measurePresence('delta', chooseCores(), scenario),
  ];
  // 13 users after the join, 12 after the leave.
  expect(legacy?.join.mean).toBeGreaterThan(13 * 100);
  expect(lists?.join.mean).toBe(legacy?.join.mean);
  expect(lists?.leave.mean).toBe(legacy?.leave.mean);
  expect(delta?.join.max).toBeLessThan(200);
  expect(delta?.leave.max).toBeLessThan(200);
  expect(delta?.storm?.bytesPerChange).toBeLessThan(delta?.leave.mean ?? 0);
  expect(await measurePresence('legacy', chooseCores(), { ...scenario, legacyUsers: 11 })).toBeUndefined();
});

it.each(subjectsOf('churn'))('[BENCH-6] %s relays all candidates while users come and go', async (subject) => {
  const result = await measureChurn(subject, chooseCores(), {
    users: 24,
    perSecond: 20,
    stayMs: 500,
    awayMs: 400,
    calls: 2,
    candidatesPerSecond: 100,
    warmUpMs: 200,
    durationMs: 1_000,
    maxResidentBytes: 2 ** 31,
  });
  expect(result).toMatchObject({ candidates: 100, missing: 0, isCutShort: false });
  expect(result.joinsPerSecond).toBeGreaterThan(5);
  expect(result.leavesPerSecond).toBeGreaterThan(5);
  expect(result.candidateP99Ms).toBeGreaterThanOrEqual(result.candidateP50Ms);
  expect(result.candidateMaxMs).toBeGreaterThanOrEqual(result.candidateP99Ms);
});

it('[BENCH-6] a measurement ends early when a process holds too much', async () => {
  const result = await measureChurn('ws', chooseCores(), {
    users: 24,
    perSecond: 20,
    stayMs: 500,
    awayMs: 400,
    calls: 2,
    candidatesPerSecond: 100,
    warmUpMs: 0,
    durationMs: 20_000,
    maxResidentBytes: 1,
  });
  expect(result.isCutShort).toBe(true);
  expect(result.seconds).toBeLessThan(10);
});
