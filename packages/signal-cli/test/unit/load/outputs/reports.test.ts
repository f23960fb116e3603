import { describe, expect, test } from 'vitest';
import { diffSummaries } from '../../../../src/load/outputs/diff.ts';
import { diffText } from '../../../../src/load/outputs/diff-text.ts';
import { reportHtml } from '../../../../src/load/outputs/html/report-html.ts';
import { junitXml } from '../../../../src/load/outputs/junit.ts';
import { reportMarkdown } from '../../../../src/load/outputs/report-markdown.ts';
import { summaryText } from '../../../../src/load/outputs/summary-text.ts';
import type { Summary } from '../../../../src/load/result.ts';
import { hostileResult } from '../../../support/hostile.ts';
import { sampleResult } from '../../../support/sample-result.ts';

const result = sampleResult({ plan: { durationMs: 4_000 } });
const { summary } = result;
const missed: Summary = {
  ...summary,
  verdict: { status: 'DEGRADED', reasons: [{ what: 'it was late', remedy: 'use more --workers' }] },
  thresholds: [{ expression: 'setup.p99<1ms', actual: 8.9, isMet: false }],
  exitCode: 99,
};

describe('[REPORT-3] reports for people', () => {
  test('[REPORT-3] Markdown says the verdict and the exit code first and last, and the remedies', () => {
    const lines = reportMarkdown(missed).trimEnd().split('\n');
    expect(lines[2]).toMatch(/DEGRADED.*exit 99/);
    expect(lines.at(-1)).toBe(lines[2]);
    expect(lines.slice(-4).join('\n')).toContain('- `it was late`: `use more --workers`');
  });

  test('[REPORT-3] so does the page', () => {
    const page = reportHtml({ ...result, summary: missed });
    const [first = '', second = ''] = page.match(/<div class="verdict.*?<\/div>/gs) ?? [];
    for (const verdict of [first, second]) expect(verdict).toMatch(/DEGRADED.*exit 99.*it was late/s);
    expect(second).toContain('use more --workers');
    expect(page.indexOf('class="tiles"')).toBeGreaterThan(page.indexOf(first));
    expect(page.slice(page.lastIndexOf(second))).not.toContain('<h2>');
  });

  test.each([
    ['good', summary],
    ['doubtful', { ...summary, verdict: missed.verdict }],
    ['doubtful', { ...summary, counters: { ...summary.counters, ice: { ...summary.counters.ice, lost: 1 } } }],
    ['bad', missed],
  ])('[REPORT-3] the page looks %s when the run is', (tone, some) => {
    expect(reportHtml({ ...result, summary: some })).toContain(`<div class="verdict ${tone}"`);
  });
});

describe('[LOAD-15] a run that a person changed', () => {
  const changes: Summary['changes'] = [
    { atMs: -1, change: 'rate', factor: 2 },
    { atMs: 1_500, change: 'paused' },
    { atMs: 2_500, change: 'resumed' },
  ];
  const some: Summary = { ...summary, changes, verdict: missed.verdict };

  test('[LOAD-15] every report says when and how, and that the verdict is about it', () => {
    for (const text of [reportMarkdown(some), reportHtml({ ...result, summary: some }), summaryText(some)]) {
      const plain = text.replace(/<[^>]*>/g, ' ');
      expect(plain).toMatch(/before\W+2\.00 times the calls planned[\s\S]*1\.5 s\W+paused[\s\S]*2\.5 s\W+resumed/);
      expect(plain.match(/changed by hand while it ran/g)).toHaveLength(2);
    }
  });

  test('[LOAD-15] of very many changes the first are told', () => {
    const many = Array.from({ length: 500 }, (_, at) => ({ atMs: at, change: 'paused' as const }));
    expect(reportMarkdown({ ...some, changes: many })).toContain('and 490 more, in summary.json');
  });

  test('[LOAD-15] a run that was left alone says nothing of it', () => {
    for (const text of [reportMarkdown(summary), reportHtml(result), summaryText(summary)])
      expect(text).not.toMatch(/by hand/i);
  });

  test('[LOAD-15] a comparison says it', () => {
    const diff = diffSummaries(summary, some);
    const text = diffText({ names: ['a', 'b'], summaries: [summary, some], diff, failOver: undefined });
    expect(text).toMatch(/^B {2}b, DEGRADED \(exit 0, passed\): it was changed by hand/m);
  });
});

describe('[REPORT-7] junit.xml', () => {
  const casesOf = (some: Summary) =>
    junitXml(some)
      .split('<testcase ')
      .slice(1)
      .map((text) => [/ name="([^"]*)"/.exec(text)?.[1] ?? '', text.includes('<failure')] as const);
  const failuresOf = (some: Summary) => casesOf(some).flatMap(([name, isFailed]) => (isFailed ? name : []));

  test('[REPORT-7] has a case for each thing that is judged', () => {
    expect(casesOf(summary).map(([name]) => name)).toEqual([
      'verdict: the generator kept up',
      'the run is whole',
      'audit: nothing is left',
      'loss: every candidate arrived',
      'threshold: setup.p99&lt;100ms',
      'threshold: orphan==0',
    ]);
    expect(failuresOf(summary)).toEqual([]);
    expect(junitXml(summary)).toContain('tests="6" failures="0"');
  });

  test.each([
    ['verdict: the generator kept up', { verdict: { status: 'INVALID' as const, reasons: [] } }],
    ['the run is whole', { isInterrupted: true }],
    ['the run is whole', { exitCode: 97 }],
    ['audit: nothing is left', { audit: { ...summary.audit, activeCalls: { before: 0, after: 2 } } }],
    ['audit: nothing is left', { audit: { ...summary.audit, onlineUsers: { before: 1, after: 2 } } }],
    ['loss: every candidate arrived', { counters: { ...summary.counters, ice: { ...summary.counters.ice, lost: 1 } } }],
    [
      'loss: every candidate arrived',
      { counters: { ...summary.counters, ice: { ...summary.counters.ice, misrouted: 1 } } },
    ],
    ['threshold: setup.p99&lt;1ms', { thresholds: missed.thresholds }],
  ])('[REPORT-7] “%s” fails by itself', (name, changes) => {
    const some = { ...summary, ...changes };
    expect(failuresOf(some)).toEqual([name]);
    expect(junitXml(some)).toContain('failures="1"');
  });

  test('[REPORT-7] a DEGRADED run has not failed', () => {
    expect(failuresOf({ ...missed, thresholds: [] })).toEqual([]);
  });
});

test('[REPORT-6] in Markdown what others wrote stands in code, one line each, and ends no cell', () => {
  const text = reportMarkdown(hostileResult().summary);
  // code first: what is left was written here
  const ours = text.replace(/`[^`\n]*`/g, '');
  expect(ours).not.toMatch(/evil|script|somebody|HYPERLINK|img/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u2028\u202e]/);
  const widths = new Set(text.split('\n').flatMap((line) => (line.startsWith('| `') ? line.split('|').length : [])));
  for (const width of widths) expect([4, 5, 6]).toContain(width);
});
