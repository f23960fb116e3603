import type { TimelineEntry } from '../session/timeline.js';

const ARROW = { sent: '→', received: '←', local: '·' } as const;

/** One line of a timeline: milliseconds since it began, direction, event, a few words. */
export function formatEntry(entry: TimelineEntry, startedAt: number): string {
  const elapsed = (entry.at - startedAt).toFixed(1).padStart(10);
  return `${elapsed} ms  ${ARROW[entry.direction]} ${entry.event.padEnd(16)}  ${entry.summary}`.trimEnd();
}
