import type { Key } from '../screen/key.js';
import { within } from '../screen/list-window.js';
import { ladderOf } from './happening.js';
import {
  type CallRow,
  callToAnswer,
  type Dashboard,
  type Filter,
  ladderEntries,
  SCREENS,
  visibleEntries,
  visiblePeople,
} from './state.js';

/** What the person wants done; the connection does it. */
export type Wish =
  | { type: 'call'; userId: string }
  | { type: 'accept' | 'reject' | 'hang_up'; callId: string }
  | { type: 'quit' };

/** What a key comes to. */
export interface Pressed {
  state: Dashboard;
  wish?: Wish;
}

const PAGE = 10;

/**
 * What a key does: to the filter that is being typed, else to the call that rings, else anywhere, else to the screen.
 *
 * @see SPEC.md, rule DASH-3
 */
export function press(state: Dashboard, key: Key): Pressed {
  const filter = filterOf(state);
  if (filter?.isTyping) return { state: withFilter(state, typed(filter, key)) };
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
  const ringing = callToAnswer(state);
  if (key.name === 'text' && ringing !== undefined) {
    if (key.text === 'a') return { state, wish: { type: 'accept', callId: ringing.callId } };
    if (key.text === 'r') return { state, wish: { type: 'reject', callId: ringing.callId } };
  }
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
    default:
      return { state };
  }
}

function pressOnRoster(state: Dashboard, key: Key): Pressed {
  const { roster } = state;
  const people = visiblePeople(roster);
  const cursor = moved(roster.cursor, key, people.length);
  if (cursor !== undefined) return { state: { ...state, roster: { ...roster, cursor } } };
  if (key.name === 'escape') return { state: withFilter(state, { text: '', isTyping: false }) };
  const person = people[roster.cursor];
  if (key.name !== 'enter' || person === undefined) return { state };
  if (person.isOnline) return { state, wish: { type: 'call', userId: person.id } };
  return { state: { ...state, note: `${person.username} is offline` } };
}

function pressOnCalls(state: Dashboard, key: Key): Pressed {
  const { calls } = state;
  const cursor = moved(calls.cursor, key, calls.rows.length);
  if (cursor !== undefined) return { state: { ...state, calls: { ...calls, cursor } } };
  const row = calls.rows[calls.cursor];
  if (key.name !== 'enter' || row === undefined) return { state };
  return { state: { ...state, screen: 'ladder', ladder: ladderOf(row.callId) } };
}

function pressOnLadder(state: Dashboard, key: Key): Pressed {
  const { ladder } = state;
  const cursor = moved(ladder.cursor, key, ladderEntries(state).length);
  if (cursor !== undefined) return { state: { ...state, ladder: { ...ladder, cursor } } };
  if (key.name === 'enter') return { state: { ...state, ladder: { ...ladder, isOpen: !ladder.isOpen } } };
  if (key.name === 'escape') return { state: { ...state, ladder: { ...ladder, isOpen: false } } };
  return { state };
}

function pressOnLog(state: Dashboard, key: Key): Pressed {
  const { log } = state;
  if (key.name === 'escape')
    return { state: { ...state, log: { ...log, filter: { text: '', isTyping: false }, back: 0 } } };
  // up is back in time
  const back = moved(log.back, turned(key), visibleEntries(log).length);
  return back === undefined ? { state } : { state: { ...state, log: { ...log, back } } };
}

const OPPOSITE = { up: 'down', down: 'up', pageUp: 'pageDown', pageDown: 'pageUp' } as const;

function turned(key: Key): Key {
  const name = key.name as keyof typeof OPPOSITE;
  return name in OPPOSITE ? { name: OPPOSITE[name] } : key;
}

/** Where the cursor of a list is after that key; undefined for a key that moves none. */
function moved(cursor: number, { name }: Key, length: number): number | undefined {
  const steps = { up: -1, down: 1, pageUp: -PAGE, pageDown: PAGE } as const;
  const by = name in steps ? steps[name as keyof typeof steps] : undefined;
  return by === undefined ? undefined : within(cursor + by, length);
}

function filterOf({ screen, roster, log }: Dashboard): Filter | undefined {
  if (screen === 'roster') return roster.filter;
  return screen === 'log' ? log.filter : undefined;
}

function withFilter(state: Dashboard, filter: Filter): Dashboard {
  if (state.screen === 'log') return { ...state, log: { ...state.log, filter, back: 0 } };
  return { ...state, roster: { ...state.roster, filter, cursor: 0 } };
}

function typed(filter: Filter, key: Key): Filter {
  switch (key.name) {
    case 'text':
      return { ...filter, text: filter.text + key.text };
    case 'backspace':
      return { ...filter, text: [...filter.text].slice(0, -1).join('') };
    case 'escape':
      return { text: '', isTyping: false };
    case 'enter':
      return { ...filter, isTyping: false };
    default:
      return filter;
  }
}
