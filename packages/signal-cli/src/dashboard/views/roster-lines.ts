import type { Line, Room } from '../../screen/line.js';
import { listWindow } from '../../screen/list-window.js';
import { type CallRow, type Dashboard, type Filter, type KnownPerson, visiblePeople } from '../state.js';

/** Who is online, the chosen one marked; as many as fit. */
export function rosterLines({ roster, calls }: Dashboard, { rows }: Room): Line[] {
  const people = visiblePeople(roster);
  const online = roster.people.filter(({ isOnline }) => isOnline).length;
  const title = `${online} online, ${roster.people.length - online} offline${filterText(roster.filter)}`;
  const [first, end] = listWindow(people.length, roster.cursor, rows - 2);
  const list = people.slice(first, end).map((person, at): Line => {
    const isChosen = first + at === roster.cursor;
    const look = isChosen ? 'chosen' : person.isOnline ? 'plain' : 'faint';
    return { text: `${isChosen ? '›' : ' '} ${stateOf(person, calls.rows)}  ${person.username}  ${person.id}`, look };
  });
  const empty: Line[] = people.length === 0 ? [{ text: emptyText(roster.people.length), look: 'faint' }] : [];
  return [{ text: title, look: 'title' }, ...list, ...empty];
}

export function filterText({ text, isTyping }: Filter): string {
  if (isTyping) return `  /${text}▏`;
  return text === '' ? '' : `  /${text}  (Esc: all)`;
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
