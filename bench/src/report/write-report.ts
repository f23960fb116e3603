import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Section } from './report.js';

/** Writes each section to a file: between its marks where the file has them, else at its end. */
export function writeReport(file: string, sections: readonly Section[]): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, sections.reduce(withSection, before));
}

function withSection(text: string, { scenario, markdown }: Section): string {
  const [begin, end] = [`<!-- bench: ${scenario} -->`, `<!-- bench: end of ${scenario} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return `${text}${begin}\n\n${markdown}\n\n${end}\n`;
  return `${text.slice(0, from + begin.length)}\n\n${markdown}\n\n${text.slice(to)}`;
}
