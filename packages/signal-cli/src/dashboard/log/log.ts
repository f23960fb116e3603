import { within } from '../../screen/list-window.js';
import type { TimelineEntry } from '../../session/timeline.js';
import { type Filter, fits, NO_FILTER } from '../filter.js';

export interface Log {
  /** The oldest first. */
  entries: readonly TimelineEntry[];
  filter: Filter;
  /** How many entries from the end the last shown one is; 0 follows what comes. */
  back: number;
}

export const EMPTY_LOG: Log = { entries: [], filter: NO_FILTER, back: 0 };

/** How many events are remembered. */
const MAX_ENTRIES = 5_000;

/** The log with these at its end; who looks back keeps looking at the same. */
export function withEntries(log: Log, added: readonly TimelineEntry[]): Log {
  const kept = { ...log, entries: [...log.entries, ...added].slice(-MAX_ENTRIES) };
  if (log.back === 0) return kept;
  const later = visibleEntries({ ...log, entries: added }).length;
  return { ...kept, back: within(log.back + later, visibleEntries(kept).length) };
}

/** What fits the filter of the log. */
export function visibleEntries({ entries, filter }: Log): TimelineEntry[] {
  return entries.filter(({ event, summary }) => fits(filter, event, summary));
}
