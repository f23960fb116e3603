import { cleanText } from '../../format/clean-text.js';
import type { Summary } from '../result.js';
import { auditRows } from './audit-facts.js';
import { changeRows } from './change-rows.js';
import {
  callFacts,
  costFacts,
  failureRows,
  formatActual,
  nameOf,
  outcomeRows,
  PHASE_COLUMNS,
  phaseRows,
  planFacts,
} from './facts.js';
import { type Standing, standingOf } from './standing.js';

const MOST_ROWS = 20;
const BADGE: Record<Standing['tone'], string> = { good: '✅', doubtful: '⚠️', bad: '❌' };

/** A run for people who read Markdown: a pull request, or the summary of a CI step. */
export function reportMarkdown(summary: Summary): string {
  const standing = standingOf(summary);
  const orphans = summary.audit.orphans.map(({ callId, caller, callee, why }) => [callId, caller, callee, why]);
  const thresholds = summary.thresholds.map((result) => [
    code(result.expression),
    formatActual(result),
    result.isMet ? 'met' : '**missed**',
  ]);
  const blocks = [
    '## Load run',
    headline(standing),
    table(['changed by hand', ''], changeRows(summary)),
    table(['threshold', 'was', ''], thresholds),
    table(
      PHASE_COLUMNS.map((name) => (name === 'phase' ? 'phase, in ms' : name)),
      phaseRows(summary),
      'right',
    ),
    table(['', ''], [...callFacts(summary), ...costFacts(summary)]),
    table(
      ['outcome', 'calls', 'share'],
      outcomeRows(summary).map(([outcome, ...cells]) => [nameOf(outcome), ...cells]),
      'right',
    ),
    table(
      ['failure', 'times'],
      failureRows(summary).map(([reason, count]) => [code(reason), count]),
      'right',
    ),
    table(['left on the server', ''], auditRows(summary.audit)),
    table(
      ['orphan', 'caller', 'callee', 'why'],
      orphans.map((row) => row.map(code)),
    ),
    details(summary),
    points(standing),
    headline(standing),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function points({ points: all }: Standing): string {
  return all.map(({ what, remedy }) => `- ${code(what)}${remedy === undefined ? '' : `: ${code(remedy)}`}`).join('\n');
}

/** Its words are ours: figures and names of the plan stand in the points. */
function headline({ tone, status, headline: text, exit }: Standing): string {
  return `**${BADGE[tone]} ${status}** (${exit}): ${text}`;
}

function details({ plan, environment, startedAt }: Summary): string {
  const rows = [
    ...planFacts(plan),
    ['began', startedAt],
    ['generator', `${environment.host}, ${environment.platform}`],
  ];
  const facts = table(
    ['', ''],
    rows.map(([name = '', value = '']) => [name, code(value)]),
  );
  return `<details><summary>What was asked for</summary>\n\n${facts}\n\n</details>`;
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: 'left' | 'right' = 'left',
): string {
  if (rows.length === 0) return '';
  const left = rows.length - MOST_ROWS;
  const more = left > 0 ? [[`and ${left} more`, ...head.slice(1).map(() => '')]] : [];
  const rule = head.map((_, column) => (align === 'right' && column > 0 ? '---:' : '---'));
  return [head, rule, ...rows.slice(0, MOST_ROWS), ...more].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What others wrote, as code: nothing in it is a link, a mention, a tag, or the end of a cell. */
function code(text: string): string {
  const harmless = cleanText(text).replaceAll('`', "'").replaceAll('|', '¦').trim();
  return harmless === '' ? '' : `\`${harmless}\``;
}
