/** Bytes of one join with `users` then online, where each join sends everybody the whole list. */
export function costOfJoin(users: number, bytesPerListedUser: number): number {
  return users * users * bytesPerListedUser;
}

/**
 * Mean bytes of a join while that server grows from nobody to `users`: the sum of all joins' costs,
 * and of the list that each who joins gets for himself, by the number of joins.
 */
export function meanCostOfRamp(users: number, bytesPerListedUser: number): number {
  const squares = ((users + 1) * (2 * users + 1)) / 6;
  const own = (users + 1) / 2;
  return (squares + own) * bytesPerListedUser;
}
