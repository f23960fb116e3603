import type { Line, Room } from '../../screen/line.js';
import type { Dashboard } from '../state.js';

/** What `/health` and `/metrics` say. */
export function serverLines({ figures, server }: Dashboard, { rows }: Room): Line[] {
  if (figures === undefined) return [{ text: `asking ${server} …`, look: 'faint' }];
  const table = (rows: readonly (readonly [string, string])[]): Line[] =>
    rows.map(([name, value]) => ({ text: `  ${name.padEnd(40)} ${value}` }));
  const health = figures.health.length === 0 ? [{ text: '  it does not answer' }] : table(figures.health);
  const metrics =
    figures.metrics.length === 0 ? [{ text: '  not told to strangers, or not asked for' }] : table(figures.metrics);
  const all: Line[] = [{ text: '/health', look: 'title' }, ...health, { text: '/metrics', look: 'title' }, ...metrics];
  return all.slice(0, rows - 1);
}
