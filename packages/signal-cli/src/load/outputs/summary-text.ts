import { cleanText } from '../../format/clean-text.js';
import { formatTable } from '../../format/table.js';
import { fit, padStart, wrap } from '../../format/text-width.js';
import type { Summary } from '../result.js';
import { auditRows } from './audit-facts.js';
import { changeRows } from './change-rows.js';
import {
  arrivalsOf,
  callFacts,
  costFacts,
  type Fact,
  failureRows,
  formatActual,
  nameOf,
  outcomeRows,
  PHASE_COLUMNS,
  phaseRows,
} from './facts.js';
import { type Standing, standingOf } from './standing.js';

const LABEL_WIDTH = 15;
const MOST_FAILURES = 8;

/**
 * A run for a terminal: plain text of 80 columns at most, the verdict first and last.
 *
 * @see SPEC.md, rule REPORT-3
 */
export function summaryText(summary: Summary): string {
  const { plan, audit } = summary;
  const standing = standingOf(summary);
  const failures = failureRows(summary);
  const first = failures.slice(0, MOST_FAILURES).map(([reason, count]) => `${count} × ${fit(reason, 40)}`);
  const changes = changeRows(summary).map(([when, what]) => `${when}: ${what}`);
  const others = failures.length > MOST_FAILURES ? [`${failures.length - MOST_FAILURES} other reasons`] : [];
  const blocks = [
    headline(standing),
    facts([
      ['server', plan.urls.map(cleanText).join(', ')],
      ['load', `${arrivalsOf(plan)}; ${plan.users} users, seed ${plan.seed}`],
      ...(changes.length > 0 ? [['by hand', changes.join(', ')] satisfies Fact] : []),
      ...callFacts(summary),
      [
        'outcomes',
        outcomeRows(summary)
          .map(([outcome, count]) => `${count} ${nameOf(outcome)}`)
          .join(', ') || 'none',
      ],
      ...(failures.length > 0 ? [['failures', [...first, ...others].join(', ')] satisfies Fact] : []),
      ...costFacts(summary),
    ]),
    phases(summary),
    thresholds(summary),
    facts(auditRows(audit)),
    verdict(standing),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function headline({ status, headline: text, exit }: Standing): string {
  return wrap(`${status} (${exit}): ${text}`, '', '  ').join('\n');
}

/** The last word has the remedies, too. */
function verdict(standing: Standing): string {
  const lines = standing.points.flatMap(({ what, remedy }) => [
    ...wrap(what, '- ', '  '),
    ...(remedy === undefined ? [] : wrap(remedy, '  → ', '    ')),
  ]);
  return [...lines, headline(standing)].join('\n');
}

function facts(rows: readonly Fact[]): string {
  const blank = ' '.repeat(LABEL_WIDTH);
  return rows.flatMap(([name, value]) => wrap(value, fit(name, LABEL_WIDTH - 1).padEnd(LABEL_WIDTH), blank)).join('\n');
}

function phases(summary: Summary): string {
  const rows = phaseRows(summary);
  if (rows.length === 0) return '';
  return [PHASE_COLUMNS.map((name) => (name === 'phase' ? 'phase, in ms' : name)), ...rows]
    .map(([name = '', ...cells]) => name.padEnd(13) + cells.map((cell) => padStart(cell, 9)).join(''))
    .join('\n');
}

function thresholds({ thresholds: results }: Summary): string {
  const rows = results.map((result) => [
    result.isMet ? 'met' : 'MISSED',
    fit(cleanText(result.expression), 50),
    formatActual(result),
  ]);
  return rows.length === 0 ? '' : formatTable(rows);
}
