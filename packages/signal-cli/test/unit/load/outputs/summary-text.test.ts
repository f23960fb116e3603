import { expect, test } from 'vitest';
import { widthOf } from '../../../../src/format/text-width.ts';
import { summaryText } from '../../../../src/load/outputs/summary-text.ts';
import type { Summary } from '../../../../src/load/result.ts';
import { hostileResult } from '../../../support/hostile.ts';
import { sampleResult } from '../../../support/sample-result.ts';

const { summary } = sampleResult({ plan: { durationMs: 10_000 } });
const invalid: Summary = {
  ...summary,
  verdict: { status: 'INVALID', reasons: [{ what: 'it was held up', remedy: 'use more --workers' }] },
  thresholds: [{ expression: 'orphan==0', actual: 2, isMet: false }],
  audit: { ...summary.audit, orphans: [{ callId: 'c', caller: 'a', callee: 'b', why: 'left' }] },
  exitCode: 98,
};

test('[REPORT-3] a run that passed says so first and last', () => {
  const lines = summaryText(summary).split('\n');
  expect(lines[0]).toBe('VALID (exit 0, passed): the figures are those of the server');
  expect(lines.at(-1)).toBe(lines[0]);
});

test('[REPORT-3] one that did not says it first and last, the last time with all that is wrong and the remedies', () => {
  const text = summaryText(invalid);
  expect(text).toMatch(/^INVALID \(exit 98, invalid\)/);
  const last = text.slice(text.lastIndexOf('\n\n'));
  expect(last).toContain('- it was held up\n  → use more --workers\n');
  expect(last).toContain('- 1 of 1 threshold missed: orphan==0\n');
  expect(last).toContain('- 1 orphaned call\n');
  expect(last).toMatch(/INVALID \(exit 98, invalid\).*\n {2}.*server$/);
});

test('[REPORT-3] what cut a run short is told', () => {
  const stopped = { ...summary, ranMs: 4_000, isInterrupted: true, exitCode: 130 };
  expect(summaryText(stopped)).toContain('- stopped after 4.0 s of 10.0 s\n');
  expect(summaryText({ ...summary, exitCode: 97 })).toContain('- incomplete: a worker died');
});

test.each([
  ['one that passed', summary],
  ['one that did not', invalid],
  ['one with hostile words', hostileResult().summary],
  ['one without calls', { ...summary, phases: {}, thresholds: [], server: null }],
  [
    'one of large figures and wide letters',
    {
      ...summary,
      plan: { ...summary.plan, urls: [`https://${'x'.repeat(200)}.example`], prefix: '電話'.repeat(40) },
      counters: { ...summary.counters, failures: { ['電話'.repeat(60)]: 9_999_999, ['x'.repeat(300)]: 1 } },
      thresholds: [{ expression: '電'.repeat(99), actual: 1e12, isMet: false }],
    },
  ],
])('[REPORT-3] 80 columns hold %s', (_, some) => {
  for (const line of summaryText(some).split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
});

test('[REPORT-6] no control character reaches a terminal', () => {
  const text = summaryText(hostileResult().summary).replaceAll('\n', '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u202e\u2066\ud800]/);
});
