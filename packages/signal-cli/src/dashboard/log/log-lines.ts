import { plural } from '../../format/count.js';
import type { Line, Room } from '../../screen/line.js';
import type { TimelineEntry } from '../../session/timeline.js';
import { filterText } from '../filter.js';
import type { Dashboard } from '../state.js';
import { visibleEntries } from './log.js';

const ARROW = { sent: '→', received: '←', local: '·' } as const;

/** Everything that was sent and received, the latest last. */
export function logLines({ log }: Dashboard, { rows }: Room): Line[] {
  const entries = visibleEntries(log);
  const end = Math.max(0, entries.length - log.back);
  const shown = entries.slice(Math.max(0, end - (rows - 1)), end);
  const place = log.back === 0 ? 'following' : `${log.back} later, Esc follows`;
  return [
    { text: `${plural(entries.length, 'event')}, ${place}${filterText(log.filter)}`, look: 'title' },
    ...shown.map((entry): Line => ({ text: entryText(entry), look: entry.event === 'signal_error' ? 'bad' : 'plain' })),
  ];
}

function entryText({ at, direction, event, summary }: TimelineEntry): string {
  const time = new Date(at).toISOString().slice(11, 23);
  return `${time} ${ARROW[direction]} ${event.padEnd(18)} ${summary}`;
}
