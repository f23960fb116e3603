import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseFlags } from '../src/flags.js';
import { interleave } from '../src/interleave.js';
import { reportCalls } from '../src/report/calls-report.js';
import { reportChurn } from '../src/report/churn-report.js';
import { ratio } from '../src/report/figures.js';
import { costOfJoin, meanCostOfRamp } from '../src/report/legacy-cost.js';
import { reportPresence } from '../src/report/presence-report.js';
import { reportRamp } from '../src/report/ramp-report.js';
import { percentile, spread } from '../src/report/statistics.js';
import { writeReport } from '../src/report/write-report.js';
import type { SubjectName } from '../src/subjects.js';

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

it('[BENCH-3] what a join costs each user of the legacy server, where it was not run, is labelled as computed', () => {
  const scenario = { loneUsers: 1, listWatchers: 20, legacyUsers: 200, storm: { perSecond: 100, durationMs: 5_000 } };
  const each = (bytes: number) => ({ mean: bytes, max: bytes });
  const text = reportPresence([
    {
      scenario: { ...scenario, users: 200 },
      measured: new Map([
        ['legacy', [{ join: each(20_100), leave: each(20_000) }]],
        ['delta', [{ join: each(150), leave: each(110) }]],
      ]),
    },
    {
      scenario: { ...scenario, users: 3_200 },
      measured: new Map([['delta', [{ join: each(151), leave: each(111) }]]]),
    },
  ]);
  expect(text).toMatch(/\| 200 +\| +150 \| +110 \| +150 \|.+\| +20,100 \| +20,000 \|/);
  expect(text).toMatch(/\| 3,200 +\| +151 \| +111 \| +151 \|.+\| +320,100 \*computed\* \| +320,000 \*computed\* \|/);
});

it('[BENCH-6] latencies of which some candidates never arrived are lower bounds, and say so', () => {
  const scenario = {
    users: 1000,
    perSecond: 100,
    stayMs: 500,
    awayMs: 1_000,
    calls: 20,
    candidatesPerSecond: 200,
    warmUpMs: 0,
    durationMs: 15_000,
    maxResidentBytes: 2 ** 31,
  };
  const whole = {
    candidateP50Ms: 1,
    candidateP99Ms: 2,
    candidateMaxMs: 3,
    candidates: 3_000,
    missing: 0,
    joinsPerSecond: 100,
    leavesPerSecond: 100,
    megabytesPerSecond: 1,
    serverBusy: 0.2,
    driverBusy: 0.3,
    lateP99Ms: 1,
    seconds: 15,
    isCutShort: false,
  };
  const cut = { ...whole, candidateP99Ms: 4_000, missing: 7, seconds: 3, isCutShort: true };
  const text = reportChurn({
    scenario,
    measured: new Map([
      ['ws', [whole]],
      ['legacy', [cut]],
    ]),
  });
  expect(text).toMatch(/\| bare `ws` relay +\| +nothing \| +1\.00 \| +2\.00 \| +1\.00 \|/);
  expect(text).toMatch(/\| legacy server, re-created \| +lists \| +≥ 1\.00 \| +≥ 4,000 \| +≥ 2000\.00 \|/);
  expect(text).toContain('stopped after 3.00 s');
});

it('[BENCH-8] each scenario is written between its own marks, and the rest of the file stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'performance.md');
  try {
    const page = (calls: string) =>
      `# A\n\n<!-- bench: calls -->\n\n${calls}\n\n<!-- bench: end of calls -->\n\nB\n\n<!-- bench: churn -->\nold\n<!-- bench: end of churn -->\n`;
    writeFileSync(file, page('old'));
    writeReport(file, [{ scenario: 'calls', markdown: 'new $& table' }]);
    expect(readFileSync(file, 'utf8')).toBe(page('new $& table'));
    writeReport(file, [{ scenario: 'idle', markdown: 'more' }]);
    expect(readFileSync(file, 'utf8')).toBe(
      `${page('new $& table')}<!-- bench: idle -->\n\nmore\n\n<!-- bench: end of idle -->\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('[BENCH-8] scenarios are chosen by name', () => {
  expect(parseFlags(['churn', 'calls'])?.scenarios).toEqual(['calls', 'churn']);
  expect(parseFlags([])?.scenarios).toEqual(['calls', 'ramp', 'idle', 'presence', 'churn', 'nodes']);
  expect(() => parseFlags(['chrun'])).toThrow('chrun');
});

it('[BENCH-2] what batching gains is told as a ratio of medians on the same server', () => {
  const scenario = { users: 200, atOnce: 32, warmUpCalls: 0, measuredCalls: 100, limitMs: 1_000 };
  const at = (...rates: number[]) =>
    rates.map((callsPerCpuSecond) => ({
      callsPerCpuSecond,
      completed: 100,
      failed: 0,
      callsPerSecond: 1,
      candidateP50Ms: 1,
      candidateP99Ms: 1,
      serverBusy: 1,
      driverBusy: 1,
    }));
  const ours = at(900, 1_000, 1_100);
  const told = (others: [SubjectName, ReturnType<typeof at>][]) =>
    reportCalls({ scenario, measured: new Map([['ours' as SubjectName, ours], ...others]) });
  expect(told([])).not.toContain('times');
  expect(told([['batching', at(1_400, 1_300, 9)]])).toContain('1.30 times as many calls');
  expect(
    told([
      ['batching', at(1_300)],
      ['unacknowledged', at(2_000)],
    ]),
  ).toContain('; 2.00 times without acknowledgements.');
  const safety = told([
    ['guarded', at(960)],
    ['unguarded', at(1_000)],
  ]);
  expect(safety).toContain('With tokens and limits it sets up 0.96 of the calls');
  expect(told([['guarded', at(960)]])).not.toContain('With tokens');
});
