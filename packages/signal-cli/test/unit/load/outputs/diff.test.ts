import { describe, expect, test } from 'vitest';
import { widthOf } from '../../../../src/format/text-width.ts';
import { diffSummaries, worseIn } from '../../../../src/load/outputs/diff.ts';
import { diffText } from '../../../../src/load/outputs/diff-text.ts';
import type { Summary } from '../../../../src/load/result.ts';
import { hostileResult } from '../../../support/hostile.ts';
import { sampleResult } from '../../../support/sample-result.ts';

const { summary: before } = sampleResult({ plan: { durationMs: 4_000 } });

/** The same run, with the p99 of set-up so many times as long. */
function slower(factor: number): Summary {
  const { setup } = before.phases;
  if (setup === undefined) throw new Error('the sample has calls');
  return { ...before, phases: { ...before.phases, setup: { ...setup, p99: setup.p99 * factor } } };
}

const worse = (after: Summary, limit = 0.2) => worseIn(diffSummaries(before, after), limit).map(({ metric }) => metric);

describe('[REPORT-10] a run held against an earlier one', () => {
  test('[REPORT-10] the same run differs in nothing', () => {
    const diff = diffSummaries(before, before);
    expect(diff.differences).toEqual([]);
    expect(worse(before, 0)).toEqual([]);
    for (const { p50, p99 } of diff.phases) expect([p50.ratio, p99.ratio]).toEqual([1, 1]);
  });

  test('[REPORT-10] figures are ratios of those of A', () => {
    const { phases, cpu } = diffSummaries(before, { ...slower(1.5), server: { cpuSeconds: 1, cpuMsPerCall: 2.6 } });
    expect(phases.find(({ phase }) => phase === 'setup')?.p99.ratio).toBeCloseTo(1.5, 9);
    expect(cpu.server).toEqual({ before: 1.3, after: 2.6, ratio: 2 });
  });

  test('[REPORT-10] worse is by more than was said, of the p99 of a phase or of the server’s CPU', () => {
    expect(worse(slower(1.19))).toEqual([]);
    expect(worse(slower(1.21))).toEqual(['setup.p99']);
    expect(worse(slower(0.5))).toEqual([]);
    expect(worse({ ...before, server: { cpuSeconds: 1, cpuMsPerCall: 1.6 } })).toEqual(['server_cpu']);
    const { generator } = before;
    expect(worse({ ...before, generator: { ...generator, cpuMsPerCall: 99 } })).toEqual([]);
  });

  test('[REPORT-10] what was measured in A only is worse, what in B only is not', () => {
    const { setup: _, ...others } = before.phases;
    const silent = { ...before, phases: others, server: null };
    expect(worse(silent)).toEqual(['setup.p99', 'server_cpu']);
    expect(worseIn(diffSummaries(silent, before), 0.2)).toEqual([]);
  });

  test('[REPORT-10] it says in what the plans differ', () => {
    const after = { ...before, plan: { ...before.plan, mix: { ...before.plan.mix, ice: 2 } } };
    const diff = diffSummaries(before, after);
    expect(diff.differences).toEqual([{ what: 'plan.mix.ice', before: '8', after: '2' }]);
    const text = diffText({ names: ['a', 'b'], summaries: [before, after], diff, failOver: undefined });
    expect(text).toContain('plan.mix.ice: 8 → 2');
  });

  test('[REPORT-10] a run that is not VALID is told as one', () => {
    const after: Summary = { ...before, verdict: { status: 'INVALID', reasons: [] }, exitCode: 98 };
    const diff = diffSummaries(before, after);
    expect(diffText({ names: ['a', 'b'], summaries: [before, after], diff, failOver: 0.2 })).toMatch(
      /^B {2}b, INVALID/m,
    );
  });

  test('[REPORT-3] 80 columns hold it, whatever is in it', () => {
    const { summary: after } = hostileResult();
    const diff = diffSummaries(before, after);
    const text = diffText({ names: ['x'.repeat(200), '\x1b[2J'], summaries: [before, after], diff, failOver: 0 });
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(text).not.toContain('\x1b');
  });
});
