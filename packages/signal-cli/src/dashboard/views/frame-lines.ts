import { exhausted } from '../../exhausted.js';
import { cleanText } from '../../format/clean-text.js';
import { fit } from '../../format/text-width.js';
import type { Line, Room } from '../../screen/line.js';
import { type Dashboard, SCREENS } from '../state.js';
import { callsLines, callText } from './calls-lines.js';
import { HELP_LINES } from './help-lines.js';
import { incomingLines } from './incoming-lines.js';
import { ladderLines } from './ladder-lines.js';
import { logLines } from './log-lines.js';
import { rosterLines } from './roster-lines.js';
import { serverLines } from './server-lines.js';

/**
 * The whole screen: never more lines than rows less one, never wider than its columns.
 *
 * @see SPEC.md, rule DASH-2
 */
export function frameLines(state: Dashboard, { columns, rows }: Room): Line[] {
  const height = Math.max(1, rows - 1);
  const top: Line[] = [
    { text: `${state.self.username} at ${state.server}  ${linkText(state)}`, look: 'title' },
    { text: tabs(state, columns), look: 'plain' },
    ...incomingLines(state, { columns, rows }),
  ];
  const bottom: Line[] = [{ text: footer(state), look: 'faint' }];
  const room = { columns, rows: Math.max(1, height - top.length - bottom.length) };
  const body = (state.isHelp ? HELP_LINES : bodyLines(state, room)).slice(0, room.rows);
  const gap = Array.from({ length: room.rows - body.length }, (): Line => ({ text: '' }));
  const lines = [...top, ...body, ...gap, ...bottom].slice(0, height);
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

function linkText({ link }: Dashboard): string {
  return link === 'joined' ? '● joined' : '◌ reconnecting …';
}

/** `[1 roster] 2 calls …`; names are left out where there is no room. */
function tabs({ screen }: Dashboard, columns: number): string {
  const named = SCREENS.map((name, at) => (name === screen ? `[${at + 1} ${name}]` : ` ${at + 1} ${name} `)).join(' ');
  const all = `${named}   ? help  q quit`;
  return all.length <= columns ? all : named;
}

/** The last thing to know, else the call that goes on. */
function footer({ note, calls, now }: Dashboard): string {
  const live = calls.rows.find(({ state }) => state !== 'over');
  return live === undefined ? note : callText(live, now);
}
