import type { Fact } from '../facts.js';
import { type Markup, markup } from '../markup.js';

type Cells = readonly (string | Markup)[];

/** Columns of figures, which scroll by themselves where the screen is narrow. */
export function figures(head: readonly string[], rows: readonly Cells[]): Markup {
  return table('figures', head, rows);
}

/** Columns of words. */
export function texts(head: readonly string[], rows: readonly Cells[]): Markup {
  return table('figures texts', head, rows);
}

function table(kind: string, [corner = '', ...others]: readonly string[], rows: readonly Cells[]): Markup {
  const heads = others.map((name) => markup`<th scope="col">${name}</th>`);
  return markup`<div class="card scroll" tabindex="0"><table class="${kind}"><thead><tr><th scope="col">${corner}</th>${heads}</tr></thead><tbody>
${rows.map(([name, ...cells]) => markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></div>`;
}

/** Names with what there is to say about them. */
export function facts(rows: readonly Fact[]): Markup {
  return markup`<div class="card"><table class="facts"><tbody>${rows.map(
    ([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table></div>`;
}
