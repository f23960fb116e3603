import type { Call } from './call.js';

const ORDER: Record<Call['status'], number> = { ringing: 0, active: 1, ended: 2 };

/**
 * Whether a state of a call counts over another one, after a store lost what it had acknowledged: whoever saw a call end
 * has closed it, and whoever saw it answered talks in it.
 *
 * @see SPEC.md, rule NODE-10
 */
export function isFurther(one: Call, other: Call): boolean {
  if (one.status !== other.status) return ORDER[one.status] > ORDER[other.status];
  return one.version > other.version;
}

/**
 * What must be committed so that a store that has lost it knows again what devices were told.
 *
 * @param stored - what the store has; `undefined` when it does not know the call
 * @returns the call and the version to commit it on; `undefined` when the store knows as much, or more
 * @see SPEC.md, rule NODE-10
 */
export function reassertion(
  known: Call,
  stored: Call | undefined,
): { call: Call; expectedVersion: number } | undefined {
  if (stored === undefined) return { call: known, expectedVersion: 0 };
  if (!isFurther(known, stored)) return undefined;
  const version = Math.max(known.version, stored.version) + 1;
  return { call: { ...known, version }, expectedVersion: stored.version };
}
