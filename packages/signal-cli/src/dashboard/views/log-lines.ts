import type { Line, Room } from '../../screen/line.js';
import type { TimelineEntry } from '../../session/timeline.js';
import { type Dashboard, visibleEntries } from '../state.js';
import { filterText } from './roster-lines.js';

const ARROW = { sent: '→', received: '←', local: '·' } as const;

/** Everything that was sent and received, the latest last. */
export function logLines({ log }: Dashboard, { rows }: Room): Line[] {
  const entries = visibleEntries(log);
  const end = Math.max(0, entries.length - log.back);
  const shown = entries.slice(Math.max(0, end - (rows - 2)), end);
  const place = log.back === 0 ? 'following' : `${log.back} later ones, Esc: follow`;
  return [
    { text: `${entries.length} events, ${place}${filterText(log.filter)}`, look: 'title' },
    ...shown.map((entry): Line => ({ text: entryText(entry), look: entry.event === 'signal_error' ? 'bad' : 'plain' })),
  ];
}

function entryText({ at, direction, event, summary }: TimelineEntry): string {
  const time = new Date(at).toISOString().slice(11, 23);
  return `${time} ${ARROW[direction]} ${event.padEnd(18)} ${summary}`;
}
