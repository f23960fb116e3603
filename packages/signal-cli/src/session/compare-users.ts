import type { UserRef } from 'signal-core/protocol';

export interface UserChange {
  joined: UserRef[];
  left: UserRef[];
  /** Who is there now, by id. */
  next: Map<string, UserRef>;
}

/** Who came and who went between two lists of the users online. */
export function compareUsers(before: ReadonlyMap<string, UserRef>, list: readonly UserRef[]): UserChange {
  const next = new Map(list.map(({ id, username }) => [id, { id, username }]));
  return {
    joined: [...next.values()].filter(({ id }) => !before.has(id)),
    left: [...before.values()].filter(({ id }) => !next.has(id)),
    next,
  };
}
