import { cleanText } from '../../format/clean-text.js';

/** HTML, SVG or XML that is already safe: only {@link markup} makes it. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | false | undefined;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * A template whose values become text: what comes from servers can be no markup, since all is escaped that is not
 * itself made by this template.
 *
 * @see SPEC.md, rule REPORT-6
 */
export function markup(strings: TemplateStringsArray, ...parts: (Part | readonly Part[])[]): Markup {
  const written = strings.map((text, at) => text + [parts[at]].flat().map(write).join(''));
  return { markup: written.join('') };
}

function write(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'object') return part.markup;
  return cleanText(String(part)).replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');
}
