import { formatDuration } from '../../format/duration.js';
import type { Line, Room } from '../../screen/line.js';
import { listWindow, within } from '../../screen/list-window.js';
import type { TimelineEntry } from '../../session/timeline.js';
import { callText } from '../calls/calls-lines.js';
import type { Dashboard } from '../state.js';
import { ladderEntries } from './ladder.js';

const RUNG = 26;
const MAX_BODY_LINES = 12;

/** The events of one call between this user and the server, each with the time since the one before. */
export function ladderLines(state: Dashboard, { rows }: Room): Line[] {
  const row = state.calls.rows.find(({ callId }) => callId === state.ladder.callId);
  const entries = ladderEntries(state.ladder, state.log);
  if (row === undefined || entries.length === 0)
    return [{ text: 'no call yet: choose somebody in the roster (1) and press Enter', look: 'faint' }];
  const cursor = within(state.ladder.cursor, entries.length);
  const chosen = entries[cursor];
  const body = state.ladder.isOpen && chosen !== undefined ? bodyLines(chosen) : [];
  const shownBody = body.slice(0, Math.max(0, Math.min(MAX_BODY_LINES, rows - 4)));
  const [first, end] = listWindow(entries.length, cursor, rows - 2 - shownBody.length);
  const rungs = entries.slice(first, end).flatMap((entry, at): Line[] => {
    const isChosen = first + at === cursor;
    const line: Line = {
      text: rungText(entry, entries[first + at - 1], isChosen),
      look: isChosen ? 'chosen' : 'plain',
    };
    return isChosen ? [line, ...shownBody] : [line];
  });
  const self = state.self.username;
  return [
    { text: callText(row, state.now), look: 'title' },
    { text: `${' '.repeat(12)}${self.slice(0, 12).padEnd(12)}${' '.repeat(RUNG - 10)}server`, look: 'faint' },
    ...rungs,
  ];
}

function rungText(entry: TimelineEntry, before: TimelineEntry | undefined, isChosen: boolean): string {
  const delta = before === undefined ? 'start' : `+${formatDuration(entry.at - before.at)}`;
  return `${isChosen ? '›' : ' '}${delta.padStart(10)} │${arrow(entry)}│ ${entry.summary}`;
}

/** `── call_user ──────────▶`. */
function arrow({ direction, event }: TimelineEntry): string {
  if (direction === 'local') return ` · ${event}`.padEnd(RUNG).slice(0, RUNG);
  const label = ` ${event} `.slice(0, RUNG - 4);
  const line = `─${label}`.padEnd(RUNG - 1, '─');
  return direction === 'sent' ? `${line}▶` : `◀${line}`;
}

function bodyLines({ body }: TimelineEntry): Line[] {
  const text = JSON.stringify(body, null, 2) ?? 'nothing';
  // session descriptions are many lines in one
  const lines = text.split('\n').flatMap((line) => line.split('\\r\\n'));
  return lines.map((line) => ({ text: `             ${line}`, look: 'faint' }));
}
