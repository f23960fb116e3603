import { plural } from '../../format/count.js';
import { formatDuration } from '../../format/duration.js';
import type { Line, Look, Room } from '../../screen/line.js';
import { listWindow } from '../../screen/list-window.js';
import type { Dashboard } from '../state.js';
import type { CallRow } from './calls.js';

/** The calls of this user, the latest first. */
export function callsLines({ calls, now }: Dashboard, { rows }: Room): Line[] {
  if (calls.rows.length === 0)
    return [{ text: 'no calls yet: choose somebody in the roster (1) and press Enter', look: 'faint' }];
  const [first, end] = listWindow(calls.rows.length, calls.cursor, rows - 1);
  const list = calls.rows.slice(first, end).map((row, at): Line => {
    const isChosen = first + at === calls.cursor;
    return { text: `${isChosen ? '›' : ' '} ${callText(row, now)}`, look: isChosen ? 'chosen' : lookOf(row) };
  });
  return [{ text: plural(calls.rows.length, 'call'), look: 'title' }, ...list];
}

/** `→ bob  video  in call for 12.0 s`. */
export function callText(row: CallRow, now: number): string {
  const arrow = row.role === 'caller' ? '→' : '←';
  return `${arrow} ${row.peer.username.padEnd(16)}  ${row.callType}  ${progressOf(row, now)}`;
}

function progressOf({ state, startedAt, answeredAt, endedAt, outcome }: CallRow, now: number): string {
  if (state === 'ringing') return `ringing for ${formatDuration(Math.max(0, now - startedAt))}`;
  if (state === 'active') return `in call for ${formatDuration(Math.max(0, now - (answeredAt ?? startedAt)))}`;
  const lasted = answeredAt === undefined ? '' : ` after ${formatDuration((endedAt ?? now) - answeredAt)}`;
  return `${outcome ?? 'over'}${lasted}`;
}

function lookOf({ state }: CallRow): Look {
  return state === 'active' ? 'good' : state === 'ringing' ? 'plain' : 'faint';
}
