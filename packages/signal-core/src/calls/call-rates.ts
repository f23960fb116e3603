import type { PlaceCommand } from '../domain/command.js';
import type { MinuteRate } from '../stores/rate-limit-store.js';
import type { CallContext } from './call-context.js';
import { findInScope, type KnownUser } from './scope.js';

/**
 * Takes what a call costs its caller, and then its callee. Who may not know of the callee costs them nothing, and is
 * told what they would be told of nobody.
 *
 * @returns milliseconds to wait, 0 when the call may be placed
 * @see SPEC.md, rules LIMIT-4, LIMIT-5 and SEE-2
 */
export async function takeCall(context: CallContext, callee: KnownUser, command: PlaceCommand): Promise<number> {
  const { callsPerMinute, callBurst, callsToUserPerMinute } = context.limits;
  const ofCaller = { perMinute: callsPerMinute, burst: callBurst };
  const toCallee = { perMinute: callsToUserPerMinute, burst: callsToUserPerMinute };
  const take = (key: string, rate: MinuteRate) =>
    rate.perMinute === Number.POSITIVE_INFINITY ? 0 : context.stores.rates.take(key, rate, command.at);

  const wait = await take(`calls of ${command.from.id}`, ofCaller);
  if (wait > 0 || toCallee.perMinute === Number.POSITIVE_INFINITY) return wait;
  const found = await findInScope(context, callee, command);
  return found?.isInScope ? take(`calls to ${callee.id}`, toCallee) : 0;
}
