import { exhausted } from '../exhausted.js';
import type { Key } from '../screen/key.js';
import type { CallRow } from './calls/calls.js';
import { pressOnCalls } from './calls/calls-keys.js';
import { typed } from './filter.js';
import { pressOnIncoming } from './incoming/incoming-keys.js';
import { pressOnLadder } from './ladder/ladder-keys.js';
import { pressOnLog } from './log/log-keys.js';
import type { Pressed } from './pressed.js';
import { pressOnRoster } from './roster/roster-keys.js';
import { pressOnServer } from './server/server-keys.js';
import { type Dashboard, filterOf, SCREENS, typingFilter, withFilter } from './state.js';

/**
 * What a key does: to the filter that is being typed, else to the call that rings, else anywhere, else to the screen.
 *
 * @see SPEC.md, rule DASH-3
 */
export function press(state: Dashboard, key: Key): Pressed {
  const filter = typingFilter(state);
  if (filter !== undefined) return { state: withFilter(state, typed(filter, key)) };
  return key.name === 'text' && key.text.length > 1 ? pressEach(state, [...key.text]) : pressOne(state, key);
}

/** Keys that were pressed faster than they were read: up to the first that wishes for something. */
function pressEach(state: Dashboard, letters: string[]): Pressed {
  let pressed: Pressed = { state };
  for (const text of letters) {
    if (pressed.wish === undefined) pressed = press(pressed.state, { name: 'text', text });
  }
  return pressed;
}

function pressOne(state: Dashboard, key: Key): Pressed {
  const answered = pressOnIncoming(state, key);
  if (answered !== undefined) return answered;
  if (state.isHelp) return { state: { ...state, isHelp: false } };
  return pressAnywhere(state, key) ?? pressOnScreen(state, key);
}

function pressAnywhere(state: Dashboard, key: Key): Pressed | undefined {
  if (key.name === 'tab') {
    const next = SCREENS[(SCREENS.indexOf(state.screen) + 1) % SCREENS.length];
    return { state: { ...state, screen: next ?? 'roster' } };
  }
  if (key.name !== 'text') return undefined;
  const screen = SCREENS[Number(key.text) - 1];
  if (screen !== undefined) return { state: { ...state, screen } };
  switch (key.text) {
    case '?':
      return { state: { ...state, isHelp: true } };
    case 'q':
      return { state, wish: { type: 'quit' } };
    case 'h': {
      const call = callToHangUp(state);
      return call === undefined
        ? { state: { ...state, note: 'no call to hang up' } }
        : { state, wish: { type: 'hang_up', callId: call.callId } };
    }
    case '/': {
      const filter = filterOf(state);
      return filter && { state: withFilter(state, { ...filter, isTyping: true }) };
    }
    default:
      return undefined;
  }
}

/** Of several the chosen one, where one is chosen. */
function callToHangUp({ screen, calls, ladder }: Dashboard): CallRow | undefined {
  const live = calls.rows.filter(({ state }) => state !== 'over');
  if (screen === 'calls') return live.find(({ callId }) => callId === calls.rows[calls.cursor]?.callId);
  return live.find(({ callId }) => screen === 'ladder' && callId === ladder.callId) ?? live[0];
}

function pressOnScreen(state: Dashboard, key: Key): Pressed {
  switch (state.screen) {
    case 'roster':
      return pressOnRoster(state, key);
    case 'calls':
      return pressOnCalls(state, key);
    case 'ladder':
      return pressOnLadder(state, key);
    case 'log':
      return pressOnLog(state, key);
    case 'server':
      return pressOnServer(state, key);
    default:
      return exhausted(state.screen);
  }
}
