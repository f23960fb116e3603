import type { SeeHook } from '../hooks.js';
import type { PresenceChange } from '../protocol/server-events.js';

/** Whether somebody in particular may see a user. */
export type Sees = (other: Parameters<SeeHook>[1]) => boolean;

/** A change, with the names under which those were known who left, or have another name now. */
export interface NamedChange<Change = Pick<PresenceChange, 'joined' | 'left'>> {
  readonly change: Change;
  readonly formerNames: ReadonlyMap<string, string>;
}

/**
 * What somebody may see of a change. Who may not be seen under a new name has left, if the old one was seen.
 *
 * @param sees - absent for somebody who sees everybody
 * @see SPEC.md, rule SEE-1
 */
export function seenOf<Change extends Pick<PresenceChange, 'joined' | 'left'>>(
  { change, formerNames }: NamedChange<Change>,
  sees: Sees | undefined,
): Change {
  if (sees === undefined) return change;
  const joined = change.joined.filter(sees);
  const shown = new Set(joined.map(({ id }) => id));
  const renamed = change.joined.filter(({ id }) => !shown.has(id) && formerNames.has(id)).map(({ id }) => id);
  const wasSeen = (id: string) => {
    const username = formerNames.get(id);
    return sees(username === undefined ? { id } : { id, username });
  };
  return { ...change, joined, left: [...change.left, ...renamed].filter(wasSeen) };
}
