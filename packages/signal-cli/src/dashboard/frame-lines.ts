import { exhausted } from '../exhausted.js';
import { cleanText } from '../format/clean-text.js';
import { fit } from '../format/text-width.js';
import type { Line, Room } from '../screen/line.js';
import { callsLines, callText } from './calls/calls-lines.js';
import { HELP_LINES } from './help-lines.js';
import { incomingLines } from './incoming/incoming-lines.js';
import { ladderLines } from './ladder/ladder-lines.js';
import { logLines } from './log/log-lines.js';
import { rosterLines } from './roster/roster-lines.js';
import { serverLines } from './server/server-lines.js';
import { type Dashboard, SCREENS, typingFilter } from './state.js';

const KEYS: Record<Dashboard['screen'], string> = {
  roster: '↑↓ choose  Enter call  / filter  h hang up',
  calls: '↑↓ choose  Enter ladder  h hang up',
  ladder: '↑↓ choose  Enter body  h hang up',
  log: '↑↓ scroll  / filter',
  server: '↑↓ scroll',
};

/**
 * The whole screen: never more lines than rows less one, never wider than its columns.
 *
 * @see SPEC.md, rule DASH-2
 */
export function frameLines(state: Dashboard, { columns, rows }: Room): Line[] {
  const height = Math.max(1, rows - 1);
  const top: Line[] = [
    { text: `${state.self.username} at ${state.server}  ${linkText(state)}`, look: 'title' },
    {
      text: SCREENS.map((name, at) => (name === state.screen ? `[${at + 1} ${name}]` : ` ${at + 1} ${name} `)).join(
        ' ',
      ),
    },
  ];
  const bottom: Line[] = [{ text: statusText(state) }, { text: keysText(state), look: 'faint' }];
  const room = { columns, rows: Math.max(1, height - top.length - bottom.length) };
  const body = (state.isHelp ? HELP_LINES : bodyLines(state, room)).slice(0, room.rows);
  const gap = Array.from({ length: room.rows - body.length }, (): Line => ({ text: '' }));
  const whole = withBox([...body, ...gap], incomingLines(state, room));
  const lines = [...top, ...whole, ...bottom].slice(0, height);
  return lines.map(({ text, look }) => ({ text: fit(cleanText(text), columns), ...(look && { look }) }));
}

function bodyLines(state: Dashboard, room: Room): Line[] {
  switch (state.screen) {
    case 'roster':
      return rosterLines(state, room);
    case 'calls':
      return callsLines(state, room);
    case 'ladder':
      return ladderLines(state, room);
    case 'log':
      return logLines(state, room);
    case 'server':
      return serverLines(state, room);
    default:
      return exhausted(state.screen);
  }
}

/** A box in the middle, over what is there. */
function withBox(lines: Line[], box: Line[]): Line[] {
  const at = Math.max(0, Math.floor((lines.length - box.length) / 2));
  return [...lines.slice(0, at), ...box, ...lines.slice(at + box.length)].slice(0, lines.length);
}

function linkText({ link }: Dashboard): string {
  return link === 'joined' ? '● joined' : '◌ reconnecting …';
}

/** The call that goes on, else the last thing to know. */
function statusText({ note, calls, now }: Dashboard): string {
  const live = calls.rows.find(({ state }) => state !== 'over');
  return live === undefined ? note : callText(live, now);
}

function keysText(state: Dashboard): string {
  if (state.isHelp) return 'any key closes this';
  return typingFilter(state) ? 'type a part of it  Enter keep  Esc all' : `${KEYS[state.screen]}  ? help  q quit`;
}
