import type { Summary } from '../result.js';
import { auditFaults } from './audit-facts.js';
import { formatActual } from './facts.js';
import { type Markup, markup } from './markup.js';
import { standingOf } from './standing.js';

interface TestCase {
  name: string;
  /** Why it failed; none has passed. */
  failure: string | undefined;
}

/**
 * A run for a CI server, which shows test cases.
 *
 * @see SPEC.md, rule REPORT-7
 */
export function junitXml(summary: Summary): string {
  const cases = casesOf(summary);
  const failed = cases.filter(({ failure }) => failure !== undefined).length;
  const seconds = summary.ranMs / 1000;
  const suite = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="signal-cli load" tests="${cases.length}" failures="${failed}" time="${seconds}">
  <testsuite name="load" tests="${cases.length}" failures="${failed}" errors="0" skipped="0" time="${seconds}" timestamp="${summary.startedAt}">
${cases.map(testCase)}  </testsuite>
</testsuites>
`;
  return suite.markup;
}

function casesOf(summary: Summary): TestCase[] {
  const { verdict, thresholds, audit, counters } = summary;
  const { wholeness } = standingOf(summary);
  const { lost, misrouted, sent } = counters.ice;
  const loss = lost > 0 || misrouted > 0;
  return [
    {
      name: 'verdict: the generator kept up',
      failure: verdict.status === 'INVALID' ? lines(verdict.reasons) : undefined,
    },
    { name: 'the run is whole', failure: wholeness.length > 0 ? lines(wholeness) : undefined },
    { name: 'audit: nothing is left', failure: auditFaults(audit).join('\n') || undefined },
    {
      name: 'loss: every candidate arrived',
      failure: loss ? `${lost} lost, ${misrouted} misrouted, of ${sent} sent` : undefined,
    },
    ...thresholds.map((result) => ({
      name: `threshold: ${result.expression}`,
      failure: result.isMet ? undefined : `it was: ${formatActual(result)}`,
    })),
  ];
}

function testCase({ name, failure }: TestCase): Markup {
  if (failure === undefined) return markup`    <testcase classname="signal-cli load" name="${name}"/>\n`;
  return markup`    <testcase classname="signal-cli load" name="${name}">
      <failure message="${failure.split('\n')[0]}">${failure.split('\n').map((line) => markup`${line}\n`)}</failure>
    </testcase>
`;
}

function lines(points: readonly { what: string; remedy?: string }[]): string {
  return points.map(({ what, remedy }) => (remedy === undefined ? what : `${what}: ${remedy}`)).join('\n');
}
