import type { Key } from '../../screen/key.js';
import { NO_FILTER } from '../filter.js';
import { moved } from '../moved.js';
import type { Pressed } from '../pressed.js';
import type { Dashboard } from '../state.js';
import { visiblePeople } from './roster.js';

/** Enter calls who is chosen. */
export function pressOnRoster(state: Dashboard, key: Key): Pressed {
  const { roster } = state;
  const people = visiblePeople(roster);
  const cursor = moved(roster.cursor, key, people.length);
  if (cursor !== undefined) return { state: { ...state, roster: { ...roster, cursor } } };
  if (key.name === 'escape') return { state: { ...state, roster: { ...roster, filter: NO_FILTER, cursor: 0 } } };
  const person = people[roster.cursor];
  if (key.name !== 'enter' || person === undefined) return { state };
  if (person.isOnline) return { state, wish: { type: 'call', userId: person.id } };
  return { state: { ...state, note: `${person.username} is offline` } };
}
