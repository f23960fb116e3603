import type { UserRef } from 'signal-core/protocol';
import { within } from '../../screen/list-window.js';
import { type Filter, fits, NO_FILTER } from '../filter.js';

/** A user the dashboard has heard of; offline ones have been there before. */
export interface KnownPerson extends UserRef {
  isOnline: boolean;
}

export interface Roster {
  /** Who is online first, then by name. */
  people: readonly KnownPerson[];
  filter: Filter;
  cursor: number;
}

export const EMPTY_ROSTER: Roster = { people: [], filter: NO_FILTER, cursor: 0 };

/** A comparison of its own is many times slower for each pair. */
const { compare } = new Intl.Collator();

/** The roster once these have come and gone; the cursor stays on who it was on. */
export function withPeople(roster: Roster, changed: readonly KnownPerson[]): Roster {
  const byId = new Map(roster.people.map((person) => [person.id, person]));
  for (const person of changed) byId.set(person.id, person);
  const people = [...byId.values()].sort(
    (a, b) => Number(b.isOnline) - Number(a.isOnline) || compare(a.username, b.username),
  );
  const chosen = visiblePeople(roster)[roster.cursor];
  const visible = visiblePeople({ ...roster, people });
  const at = visible.findIndex(({ id }) => id === chosen?.id);
  return { ...roster, people, cursor: at === -1 ? within(roster.cursor, visible.length) : at };
}

/** Who fits the filter. */
export function visiblePeople({ people, filter }: Roster): KnownPerson[] {
  return people.filter(({ username, id }) => fits(filter, username, id));
}
