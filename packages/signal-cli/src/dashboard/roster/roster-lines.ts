import { fit, padEnd, widthOf } from '../../format/text-width.js';
import type { Line, Room } from '../../screen/line.js';
import { listWindow } from '../../screen/list-window.js';
import type { CallRow } from '../calls/calls.js';
import { filterText } from '../filter.js';
import type { Dashboard } from '../state.js';
import { type KnownPerson, visiblePeople } from './roster.js';

const WIDEST_NAME = 32;

/** Who is online, the chosen one marked; as many as fit. */
export function rosterLines({ roster, calls }: Dashboard, { rows }: Room): Line[] {
  const people = visiblePeople(roster);
  const online = roster.people.filter(({ isOnline }) => isOnline).length;
  const place = people.length === 0 ? '' : `  ${roster.cursor + 1} of ${people.length}`;
  const title: Line = {
    text: `${online} online, ${roster.people.length - online} offline${place}${filterText(roster.filter)}`,
    look: 'title',
  };
  if (people.length === 0) return [title, { text: emptyText(roster.people.length), look: 'faint' }];
  const [first, end] = listWindow(people.length, roster.cursor, rows - 1);
  const shown = people.slice(first, end);
  const width = Math.min(WIDEST_NAME, Math.max(...shown.map(({ username }) => widthOf(username))));
  const list = shown.map((person, at): Line => {
    const isChosen = first + at === roster.cursor;
    const look = isChosen ? 'chosen' : person.isOnline ? 'plain' : 'faint';
    return { text: `${isChosen ? '›' : ' '} ${stateOf(person, calls.rows)}  ${nameOf(person, width)}`, look };
  });
  return [title, ...list];
}

/** The id too, where it says more than the name. */
function nameOf({ username, id }: KnownPerson, width: number): string {
  return id === username ? username : `${padEnd(fit(username, width), width)}  ${id}`;
}

/** A dot and a word, of the same length for all. */
function stateOf({ id, isOnline }: KnownPerson, rows: readonly CallRow[]): string {
  const call = rows.find(({ peer, state }) => peer.id === id && state !== 'over');
  if (call !== undefined) return call.state === 'active' ? '◉ in call' : '◌ ringing';
  return isOnline ? '● online ' : '○ offline';
}

function emptyText(known: number): string {
  return known === 0 ? '  nobody else is here yet' : '  nobody fits the filter';
}
