import type { PlaceCommand } from '../domain/command.js';
import { takeToken } from '../stores/rate-limit-store.js';
import type { CallContext } from './call-context.js';
import { findInScope, type KnownUser } from './scope.js';

/**
 * Takes what a call costs its caller.
 *
 * @returns milliseconds to wait, 0 when the call may go on
 * @see SPEC.md, rule LIMIT-4
 */
export function takeOfCaller(context: CallContext, command: PlaceCommand): Promise<number> {
  const { limits, stores } = context;
  const rate = { perMinute: limits.callsPerMinute, burst: limits.callBurst };
  return takeToken(stores.rates, `calls of ${command.from.id}`, rate, command.at);
}

/**
 * Takes what a call that the host allows costs its callee. Who may not know of the callee costs them nothing, and is
 * told what they would be told of nobody.
 *
 * @returns milliseconds to wait, 0 when the call may be placed
 * @see SPEC.md, rules LIMIT-5 and SEE-2
 */
export async function takeOfCallee(context: CallContext, callee: KnownUser, command: PlaceCommand): Promise<number> {
  const { callsToUserPerMinute: perMinute } = context.limits;
  if (perMinute === Number.POSITIVE_INFINITY) return 0;
  const found = await findInScope(context, callee, command);
  if (!found?.isInScope) return 0;
  return takeToken(context.stores.rates, `calls to ${callee.id}`, { perMinute, burst: perMinute }, command.at);
}
