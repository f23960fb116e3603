import { fit, padEnd, widthOf } from '../../format/text-width.js';
import type { Line, Room } from '../../screen/line.js';
import type { Dashboard } from '../state.js';
import type { Table } from './figures.js';

/** What `/health` and `/metrics` say. */
export function serverLines({ figures, server }: Dashboard, { rows, columns }: Room): Line[] {
  const { found, top } = figures;
  if (found === undefined) return [{ text: `asking ${server} …`, look: 'faint' }];
  const all = [
    ...section('/health', found.health, 'no answer', columns),
    ...section('/metrics', found.metrics, 'off, or not for this user (signal-server --metrics)', columns),
  ];
  const first = Math.max(0, Math.min(top, all.length - rows));
  return all.slice(first, first + rows);
}

/** Long names are cut, values are not. */
function section(title: string, table: Table, empty: string, columns: number): Line[] {
  if (table.length === 0)
    return [
      { text: title, look: 'title' },
      { text: `  ${empty}`, look: 'faint' },
    ];
  const values = Math.max(...table.map(([, value]) => widthOf(value)));
  const names = Math.max(...table.map(([name]) => widthOf(name)));
  const width = Math.max(8, Math.min(names, columns - values - 4));
  const lines = table.map(([name, value]): Line => ({ text: `  ${padEnd(fit(name, width), width)}  ${value}` }));
  return [{ text: title, look: 'title' }, ...lines];
}
