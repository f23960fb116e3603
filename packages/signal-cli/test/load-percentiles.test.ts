import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from 'signal-core/testing';
import { expect, it } from 'vitest';
import { PHASES } from '../src/load/phases.js';
import type { Summary } from '../src/load/result.js';
import { CliRunner } from './support/cli.js';

const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

/** Of a sorted list, what so many of it are at most: no histogram is in it. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

it('[LOAD-3] [REPORT-11] percentiles are those of the raw durations of the same run, within 2 %', async () => {
  const [cli, server] = [new CliRunner(), await startTestServer()];
  const folder = await mkdtemp(join(tmpdir(), 'load-raw-'));
  const load = ['load', '--url', server.url, '--users', '100', '--workers', '2', '--rate', '40/s', '--duration', '4s'];
  await cli.run([...load, '--hold', '100ms', '--answer-delay', 'exp:50ms', '--raw', '-o', folder]);
  const { phases }: Summary = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'));
  const [head, ...rows] = (await readFile(join(folder, 'durations.csv'), 'utf8')).trimEnd().split('\n');
  await Promise.all([cli.close(), server.close(), rm(folder, { recursive: true })]);

  expect(head).toBe('phase,ms');
  expect(new Set(rows.map((row) => row.split(',')[0]))).toEqual(new Set(PHASES));
  for (const phase of PHASES) {
    const ofPhase = rows.filter((row) => row.startsWith(`${phase},`));
    const durations = ofPhase.map((row) => Number(row.slice(phase.length + 1))).sort((a, b) => a - b);
    expect(phases[phase]?.count, phase).toBe(durations.length);
    for (const [name, share] of Object.entries(SHARES)) {
      // the keys of the shares are those of a phase
      const told = phases[phase]?.[name as keyof typeof SHARES] ?? Number.NaN;
      const ratio = told / percentile(durations, share);
      expect(Math.abs(ratio - 1), `${name} of ${phase}`).toBeLessThan(0.02);
    }
  }
  expect(phases.setup?.count).toBeGreaterThanOrEqual(100);
});
