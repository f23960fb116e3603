import { describe, expect, test } from 'vitest';
import { exitOfRun } from '../../../src/load/exit-of-run.ts';
import { Durations } from '../../../src/load/histograms.ts';
import type { Summary, Verdict } from '../../../src/load/result.ts';
import { judgeThresholds, parseThreshold, type Threshold } from '../../../src/load/thresholds.ts';
import { judgeGenerator } from '../../../src/load/verdict.ts';

/** Quantiles of what always took so long. */
function always(ms: number) {
  const durations = new Durations();
  durations.record(ms);
  return { ...durations.quantiles(), p99: ms };
}

describe('[LOAD-5] the verdict on the generator', () => {
  const fine = { loopDelayMs: always(5), lateMs: always(2), planned: 1_000, dropped: 0 };

  test('[LOAD-5] a generator in time is VALID, without a word', () => {
    expect(judgeGenerator(fine)).toEqual({ status: 'VALID', reasons: [] });
    expect(judgeGenerator({ ...fine, lateMs: always(20), loopDelayMs: always(25) }).status).toBe('VALID');
  });

  test.each([
    ['late', { lateMs: always(21) }, { lateMs: always(101) }],
    ['held up', { loopDelayMs: always(26) }, { loopDelayMs: always(101) }],
    ['without users', { dropped: 1 }, { dropped: 11 }],
  ])('[LOAD-5] one that is %s is DEGRADED, then INVALID, and told what to do', (_, some, much) => {
    const [degraded, invalid] = [judgeGenerator({ ...fine, ...some }), judgeGenerator({ ...fine, ...much })];
    expect([degraded.status, invalid.status]).toEqual(['DEGRADED', 'INVALID']);
    for (const { reasons } of [degraded, invalid]) {
      expect(reasons).toHaveLength(1);
      expect(reasons[0]?.remedy).toMatch(/^use /);
    }
  });

  test('[LOAD-5] each reason is told', () => {
    expect(judgeGenerator({ ...fine, lateMs: always(200), dropped: 500 }).reasons).toHaveLength(2);
  });
});

describe('[LOAD-6] thresholds', () => {
  function read(text: string): Threshold {
    const threshold = parseThreshold(text);
    if (typeof threshold === 'string') throw new Error(threshold);
    return threshold;
  }
  const summary = {
    phases: { setup: { ...always(80), histogram: '' } },
    counters: {
      ice: { lost: 3 },
      dropped: 0,
      outcomes: { failed: 0 },
      presence: { joins: 10, messages: 30, bytes: 5_000 },
    },
    audit: { orphans: [{}] },
    asr: 0.9,
    server: null,
    // only what is asked for
  } as unknown as Summary;
  const holds = (text: string) => judgeThresholds([read(text)], summary)[0]?.isMet;

  test.each([
    ['setup.p99<100ms', true],
    ['setup.p99 < 0.05s', false],
    ['setup.p99<=80ms', true],
    ['setup.p99>80ms', false],
    ['setup.count>=1', true],
    ['loss==3', true],
    ['loss!=3', false],
    ['orphan==0', false],
    ['failed==0', true],
    ['asr>=90%', true],
    ['asr>0.95', false],
    ['presence_bytes<=500', true],
    ['presence_messages<3', false],
  ])('[LOAD-6] %s is %s', (text, isMet) => {
    expect(holds(text)).toBe(isMet);
  });

  test('[LOAD-6] what was not measured is not met, whichever way it is asked', () => {
    expect(judgeThresholds([read('pdd.p99<1s'), read('server_cpu>0ms')], summary)).toEqual([
      { expression: 'pdd.p99<1s', actual: null, isMet: false },
      { expression: 'server_cpu>0ms', actual: null, isMet: false },
    ]);
    expect(holds('pdd.count==0')).toBe(true);
  });

  test.each([
    ['setup.p99', /does not look like/],
    ['setup.p42<1s', /not measured/],
    ['toString>1', /not measured/],
    ['nonsense<1', /not measured/],
    ['setup.p99<100', /no duration/],
    ['loss<100ms', /no number/],
    ['loss<5%', /no number/],
    ['asr>1s', /no share/],
    ['loss<1.2.3', /no number/],
  ])('[LOAD-6] %s cannot be read, and it says why', (text, complaint) => {
    expect(parseThreshold(text)).toMatch(complaint);
  });
});

describe('[LOAD-7] what a run exits with', () => {
  const verdict = (status: Verdict['status']): Verdict => ({ status, reasons: [] });
  const missed = [{ expression: 'loss==0', actual: 1, isMet: false }];
  const all = { isInterrupted: true, isIncomplete: true, verdict: verdict('INVALID'), thresholds: missed };

  test('[LOAD-7] a person, what is missing, the generator, the thresholds; in this order', () => {
    expect(exitOfRun(all)).toBe('interrupted');
    expect(exitOfRun({ ...all, isInterrupted: false })).toBe('incomplete');
    expect(exitOfRun({ ...all, isInterrupted: false, isIncomplete: false })).toBe('invalid');
    const judged = { ...all, isInterrupted: false, isIncomplete: false, verdict: verdict('DEGRADED') };
    expect(exitOfRun(judged)).toBe('thresholds');
    expect(exitOfRun({ ...judged, thresholds: [] })).toBe('ok');
  });
});
