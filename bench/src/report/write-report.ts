import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/** Writes the tables to a file: between its marks when it has them, else as its whole text. */
export function writeReport(file: string, markdown: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  const after =
    begin >= 0 && end > begin
      ? `${before.slice(0, begin + BEGIN.length)}\n\n${markdown}\n\n${before.slice(end)}`
      : `${markdown}\n`;
  writeFileSync(file, after);
}
