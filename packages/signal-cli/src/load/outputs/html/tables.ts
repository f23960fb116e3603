import type { Fact } from '../facts.js';
import { type Markup, markup } from '../markup.js';

/** Figures in columns, which scroll by themselves where the screen is narrow. */
export function figures(head: readonly string[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  const [corner = '', ...others] = head;
  return markup`<div class="card scroll"><table class="figures"><thead><tr><th scope="col">${corner}</th>${others.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows.map(
    ([name, ...cells]) => markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** Names with what there is to say about them. */
export function facts(rows: readonly Fact[]): Markup {
  return markup`<div class="card"><table class="facts"><tbody>${rows.map(
    ([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table></div>`;
}
