import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseCores } from '../src/processes/cores.js';
import { readCounts } from '../src/processes/redis-counts.js';
import { without } from '../src/scenarios/cost-of-nodes.js';
import { measureNodes } from '../src/scenarios/nodes.js';

const isRedisMissing = spawnSync('redis-server', ['--version']).status !== 0 && process.env.CI !== 'true';
if (isRedisMissing) process.stderr.write('SKIPPED: the bench of several nodes needs redis-server\n');

const SCENARIO = {
  users: 8,
  idleMs: 300,
  candidates: { perSecond: 100, durationMs: 500 },
  atOnce: 2,
  warmUpCalls: 4,
  measuredCalls: 12,
  online: 20,
  joins: 4,
};

it('[BENCH-9] what Redis did is read from INFO, but for INFO itself', () => {
  const info = [
    'cmdstat_evalsha:calls=5,usec=9',
    'cmdstat_eval:calls=1,usec=9',
    'cmdstat_xadd:calls=4,usec=9',
    'cmdstat_config|get:calls=2,usec=9',
    'cmdstat_info:calls=7,usec=9',
    'total_net_input_bytes:100',
    'total_net_output_bytes:200',
    'used_cpu_sys:1.5',
    'used_cpu_user:0.25',
    'used_cpu_sys_children:9.0',
  ].join('\r\n');
  expect(readCounts(info)).toEqual({
    commands: 12,
    scripts: 6,
    entries: 4,
    bytesIn: 100,
    bytesOut: 200,
    cpuSeconds: 1.75,
  });
});

it('[BENCH-9] what goes on anyway is taken off what each costs', () => {
  const cost = (value: number) => ({
    commands: value,
    scripts: value,
    entries: value,
    bytesIn: value,
    bytesOut: value,
    redisMicros: value,
    nodeMicros: [value, 2 * value],
  });
  expect(without(cost(10), { result: undefined, seconds: 2, cost: cost(120) }, 50)).toEqual(cost(2));
});

describe.skipIf(isRedisMissing)('several nodes on Redis', () => {
  beforeAll(() => {
    // Servers and driver run as processes of their own, so they run compiled.
    const compiler = createRequire(import.meta.url)
      .resolve('typescript/package.json')
      .replace('package.json', 'bin/tsc');
    const folder = fileURLToPath(new URL('..', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stdout);
  }, 120_000);

  it('[BENCH-9] a candidate is no entry of a stream on one node, and one across two', { timeout: 60_000 }, async () => {
    const { ways, join } = await measureNodes('nodes', chooseCores(), SCENARIO);
    for (const { completed, failed } of Object.values(ways))
      expect({ completed, failed }).toEqual({ completed: 12, failed: 0 });
    expect(ways.alone.candidate.entries).toBe(0);
    expect(ways.same.candidate.entries).toBe(0);
    // those of one turn of the event loop are one entry
    expect(ways.across.candidate.entries).toBeGreaterThan(0.5);
    expect(ways.across.candidate.entries).toBeLessThanOrEqual(1);
    expect(ways.across.candidate.scripts).toBeGreaterThan(0.5);
    // the session, told once
    expect(join?.join.entries).toBe(1);
  });

  it('[BENCH-9] the streams adapter adds an entry for each, wherever its ends are', { timeout: 60_000 }, async () => {
    const { ways, join } = await measureNodes('streams', chooseCores(), SCENARIO);
    for (const way of Object.values(ways)) {
      expect(way).toMatchObject({ completed: 12, failed: 0 });
      expect(way.candidate.entries).toBe(1);
    }
    expect(join).toBeUndefined();
  });
});
