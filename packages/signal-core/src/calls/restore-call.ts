import { isParty } from '../domain/call.js';
import type { Refusal } from '../domain/command.js';
import type { Effect } from '../domain/effect.js';
import { agree, judgeKnown, MAX_RESTORED_CALLS, type RestoreClaim, restoredCall } from '../domain/restore-call.js';
import { ask, callRequest } from '../hooks.js';
import { type CallContext, MAX_ATTEMPTS } from './call-context.js';
import { catchUpWithDevices } from './device-calls.js';

type RestoreOutcome =
  | { ok: true; status: 'active' | 'waiting' }
  | { ok: false; code: Refusal | 'unavailable' | 'server_draining' };

/**
 * Takes a device's word for a call that the server does not know, once the other party says the same.
 *
 * @see SPEC.md, rules RESUME-7 to RESUME-9 and SEE-2
 */
export async function restoreCall(context: CallContext, claim: RestoreClaim): Promise<RestoreOutcome> {
  const { stores, rules, clock } = context;
  if (claim.user.id === claim.peer) return { ok: false, code: 'forbidden' };
  let isAllowed = context.hooks.authorizeCall === undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const known = await stores.calls.get(claim.callId);
    if (known !== undefined && isParty(known, claim.user.id)) {
      const judged = judgeKnown(known, claim);
      return judged === 'active' ? { ok: true, status: 'active' } : { ok: false, code: judged };
    }
    if (context.isDraining()) return { ok: false, code: 'server_draining' };
    const { calls } = await stores.calls.line(claim.user.id);
    if (calls.length >= Math.max(rules.maxCallsPerUser, MAX_RESTORED_CALLS)) return { ok: false, code: 'busy' };
    const at = clock.now();
    const other = await stores.restores.file(claim, at, at + rules.graceMs);
    // a call of others is one that nobody knows: the claim waits for a party that never comes
    if (known !== undefined || other === undefined || !agree(claim, other) || !isSeen(context, claim, other)) {
      return { ok: true, status: 'waiting' };
    }
    if (!isAllowed) {
      const refusal = await refusalOf(context, claim, other);
      if (refusal !== undefined) return { ok: false, code: refusal };
      isAllowed = true;
      continue;
    }
    const call = restoredCall(claim, other, at, rules);
    if (!(await stores.calls.commit({ calls: [{ call, expectedVersion: 0 }], lines: [] }))) continue;
    const effects: Effect[] = [{ type: 'restored', call, first: other.device }];
    context.run(effects, [{ before: undefined, after: call }], context.scope);
    await catchUpWithDevices(context, call.id);
    return { ok: true, status: 'active' };
  }
  return { ok: false, code: 'unavailable' };
}

/** Whom the caller may not see is nobody whom a call could be with. */
function isSeen({ hooks }: CallContext, one: RestoreClaim, other: RestoreClaim): boolean {
  const [caller, callee] = one.role === 'caller' ? [one, other] : [other, one];
  return hooks.canSee?.(caller.user, callee.user) ?? true;
}

/** Asks the host; what took its time may have changed meanwhile. */
async function refusalOf(
  context: CallContext,
  one: RestoreClaim,
  other: RestoreClaim,
): Promise<'forbidden' | 'unavailable' | undefined> {
  const { authorizeCall } = context.hooks;
  if (authorizeCall === undefined) return undefined;
  const [caller, callee] = one.role === 'caller' ? [one, other] : [other, one];
  const { callId, callType } = one;
  const request = callRequest({ callId, from: caller.user, to: callee.user, callType, isRestore: true });
  const allowed = await ask(authorizeCall, request, context);
  if (allowed === true) return undefined;
  return allowed === false ? 'forbidden' : 'unavailable';
}
