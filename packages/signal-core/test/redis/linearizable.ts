/** What somebody asked and was answered, somewhere between two moments. */
export interface Timed {
  readonly from: number;
  readonly until: number;
}

/** What could have happened one after the other. */
export interface Sequential<State, Operation> {
  readonly initial: State;
  /** @returns the next state; `undefined` when the operation cannot have had this answer then */
  step(state: State, operation: Operation): State | undefined;
}

/**
 * Whether there is an order of all operations, each at a moment while it was under way, in which everybody would have
 * been answered the same (Wing and Gong's search, with Lowe's memory of where it has been).
 *
 * @param history - 31 operations at most
 */
export function isLinearizable<State, Operation extends Timed>(
  history: readonly Operation[],
  { initial, step }: Sequential<State, Operation>,
): boolean {
  if (history.length > 31) throw new RangeError('too long a history');
  const been = new Set<string>();

  function search(state: State, rest: readonly Operation[], left: number): boolean {
    if (rest.length === 0) return true;
    const place = `${left} ${JSON.stringify(state)}`;
    if (been.has(place)) return false;
    been.add(place);
    const firstEnd = Math.min(...rest.map(({ until }) => until));
    for (const operation of rest) {
      if (operation.from > firstEnd) continue;
      const next = step(state, operation);
      const others = rest.filter((other) => other !== operation);
      if (next !== undefined && search(next, others, left & ~(1 << history.indexOf(operation)))) return true;
    }
    return false;
  }
  return search(initial, history, -1);
}
