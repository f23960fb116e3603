import { cleanText } from '../../format/clean-text.js';
import { plural } from '../../format/count.js';
import { padStart, wrap } from '../../format/text-width.js';
import type { Summary } from '../result.js';
import { type Change, type Diff, worseIn } from './diff.js';
import { nameOf } from './facts.js';
import { formatCount, formatMs, formatRatio, formatShare } from './numbers.js';
import { standingOf } from './standing.js';

const MOST_DIFFERENCES = 20;

interface Compared {
  names: readonly [string, string];
  summaries: readonly [Summary, Summary];
  diff: Diff;
  /** Over which it is worse; undefined when nothing is asked. */
  failOver: number | undefined;
}

/** Two runs side by side, of 80 columns at most. */
export function diffText({ names, summaries, diff, failOver }: Compared): string {
  const runs = summaries.map((summary, at) => runLine(at === 0 ? 'A' : 'B', names[at] ?? '', summary));
  const blocks = [
    runs.flat().join('\n'),
    differences(diff),
    columns(
      ['p50 A, ms', 'p50 B', 'ratio', 'p99 A, ms', 'p99 B', 'ratio'],
      diff.phases.map(({ phase, p50, p99 }) => [phase, ...cells(p50, formatMs), ...cells(p99, formatMs)]),
    ),
    columns(
      ['A', 'B', 'ratio'],
      diff.outcomes.map(({ outcome, share }) => [nameOf(outcome), ...cells(share, formatShare)]),
    ),
    columns(
      ['A', 'B', 'ratio'],
      diff.faults.map(({ what, count }) => [what, ...cells(count, formatCount)]),
    ),
    columns(
      ['A, ms/call', 'B', 'ratio'],
      [
        ['server CPU', ...cells(diff.cpu.server, formatMs)],
        ['generator CPU', ...cells(diff.cpu.generator, formatMs)],
      ],
    ),
    ...(failOver === undefined ? [] : [judgement(diff, failOver)]),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function runLine(letter: string, name: string, summary: Summary): string[] {
  const { status, exit, headline } = standingOf(summary);
  const doubt = status === 'VALID' ? '' : `: ${headline}`;
  return wrap(`${cleanText(name)}, ${status} (${exit})${doubt}`, `${letter}  `, '   ');
}

function differences({ differences: all }: Diff): string {
  if (all.length === 0) return 'The same plan, on the same machine.';
  const left = all.length - MOST_DIFFERENCES;
  return [
    `The runs differ in ${plural(all.length, 'setting')}:`,
    ...all
      .slice(0, MOST_DIFFERENCES)
      .flatMap(({ what, before, after }) => wrap(cleanText(`${what}: ${before} → ${after}`), '  ', '    ')),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ].join('\n');
}

function judgement(diff: Diff, limit: number): string {
  const worse = worseIn(diff, limit);
  const percent = `${Number((limit * 100).toFixed(2))} %`;
  if (worse.length === 0) return `Nothing is worse by more than ${percent}.`;
  const names = worse.map(
    ({ metric, change: { ratio } }) => `${metric} ${ratio === null ? 'not measured' : formatRatio(ratio)}`,
  );
  return wrap(`Worse by more than ${percent}: ${names.join(', ')}`, '', '  ').join('\n');
}

function cells({ before, after, ratio }: Change, format: (value: number) => string): string[] {
  const written = (value: number | null) => (value === null ? '—' : format(value));
  return [written(before), written(after), formatRatio(ratio)];
}

function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const width = Math.max(14, ...rows.map(([name = '']) => name.length));
  return [['', ...head], ...rows]
    .map(([name = '', ...others]) => name.padEnd(width) + others.map((cell) => padStart(cell, 11)).join(''))
    .join('\n');
}
