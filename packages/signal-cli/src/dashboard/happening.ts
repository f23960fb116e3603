import type { UserRef } from 'signal-core/protocol';
import { exhausted } from '../exhausted.js';
import { within } from '../screen/list-window.js';
import type { TimelineEntry } from '../session/timeline.js';
import { type CallRow, type Dashboard, type KnownPerson, type ServerFigures, visiblePeople } from './state.js';

/** What the dashboard is told by its connection, the server and the clock. */
export type Happening =
  | { type: 'people'; joined: readonly UserRef[]; left: readonly UserRef[] }
  | { type: 'traffic'; entries: readonly TimelineEntry[] }
  | { type: 'call'; call: CallRow }
  | { type: 'link'; link: Dashboard['link'] }
  | { type: 'server'; figures: ServerFigures }
  | { type: 'note'; text: string }
  | { type: 'tick'; now: number };

/** How much is remembered. */
const MAX_ENTRIES = 5_000;
const MAX_CALLS = 200;

/** What the dashboard shows after that. */
export function happen(state: Dashboard, happening: Happening): Dashboard {
  switch (happening.type) {
    case 'people':
      return { ...state, roster: { ...state.roster, ...withPeople(state, happening.joined, happening.left) } };
    case 'traffic':
      return { ...state, log: withEntries(state, happening.entries) };
    case 'call':
      return withCall(state, happening.call);
    case 'link':
      return { ...state, link: happening.link };
    case 'server':
      return { ...state, figures: happening.figures };
    case 'note':
      return { ...state, note: happening.text };
    case 'tick':
      return { ...state, now: happening.now };
    default:
      return exhausted(happening);
  }
}

function withPeople({ roster }: Dashboard, joined: readonly UserRef[], left: readonly UserRef[]) {
  const people = new Map(roster.people.map((person) => [person.id, person]));
  for (const { id, username } of left) people.set(id, { id, username, isOnline: false });
  for (const { id, username } of joined) people.set(id, { id, username, isOnline: true });
  const sorted = [...people.values()].sort(
    (a, b) => Number(b.isOnline) - Number(a.isOnline) || a.username.localeCompare(b.username),
  );
  return { people: sorted, cursor: cursorOn(sorted, roster) };
}

/** The cursor stays on who it was on, while others come and go. */
function cursorOn(people: readonly KnownPerson[], roster: Dashboard['roster']): number {
  const chosen = visiblePeople(roster)[roster.cursor];
  const visible = visiblePeople({ ...roster, people });
  const at = visible.findIndex(({ id }) => id === chosen?.id);
  return at === -1 ? within(roster.cursor, visible.length) : at;
}

function withEntries({ log }: Dashboard, entries: readonly TimelineEntry[]): Dashboard['log'] {
  // who looks back keeps looking at the same
  const back = log.back === 0 ? 0 : log.back + entries.length;
  return { ...log, back, entries: [...log.entries, ...entries].slice(-MAX_ENTRIES) };
}

function withCall(state: Dashboard, call: CallRow): Dashboard {
  const { rows, cursor } = state.calls;
  const isKnown = rows.some(({ callId }) => callId === call.callId);
  const changed = isKnown ? rows.map((row) => (row.callId === call.callId ? call : row)) : [call, ...rows];
  const calls = { rows: changed.slice(0, MAX_CALLS), cursor: isKnown || cursor === 0 ? cursor : cursor + 1 };
  if (isKnown) return { ...state, calls };
  // the ladder is of the latest call, unless somebody looks at another one
  const ladder = state.screen === 'ladder' && state.ladder.callId ? state.ladder : ladderOf(call.callId);
  return { ...state, calls, ladder };
}

/** The ladder of a call, from its first event. */
export function ladderOf(callId: string): Dashboard['ladder'] {
  return { callId, cursor: 0, isOpen: false };
}
