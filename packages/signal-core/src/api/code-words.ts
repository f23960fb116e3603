import { ERROR_CODES } from '../protocol/errors.js';

const ROW = /^ \* (\| `(\w+)` \|.*\|)$/gm;

/**
 * The table of error codes, as Markdown.
 *
 * @param source - text of `protocol/errors.ts`, whose docstring holds it
 * @throws Error when a code has no row, or a row no code
 */
export function errorCodeTable(source: string): string {
  const rows = [...source.matchAll(ROW)];
  const codes = rows.map(([, , code]) => code);
  if (codes.join() !== ERROR_CODES.join()) throw new Error('the table of error codes is not that of the codes');
  return ['| code | meaning | what to do |', '|---|---|---|', ...rows.map(([, row]) => row)].join('\n');
}
