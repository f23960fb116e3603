import type { UserId } from '../domain/ids.js';
import type { PresenceChange } from '../protocol/server-events.js';

type News = Pick<PresenceChange, 'joined' | 'left'>;

/**
 * Parts a change among those who chose to hear of some of its users, in steps of one user each.
 *
 * @param watching - who watches a user
 * @returns nothing for whom nothing changed
 * @see SPEC.md, rule PRES-10
 */
export function* newsByWatch<Watch>(
  { joined, left }: News,
  watching: (id: UserId) => Iterable<Watch>,
): Generator<undefined, Map<Watch, News>> {
  const all = new Map<Watch, News>();
  const newsOf = (watch: Watch): News => {
    const news = all.get(watch) ?? { joined: [], left: [] };
    all.set(watch, news);
    return news;
  };
  for (const user of joined) {
    for (const watch of watching(user.id)) newsOf(watch).joined.push(user);
    yield;
  }
  for (const id of left) {
    for (const watch of watching(id)) newsOf(watch).left.push(id);
    yield;
  }
  return all;
}
