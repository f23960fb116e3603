import type { Refusal } from '../domain/command.js';
import { agree, judgeKnown, type RestoreClaim, restoredCall } from '../domain/restore-call.js';
import { ask, type CallRequest } from '../hooks.js';
import { type CallContext, MAX_ATTEMPTS } from './call-context.js';
import { catchUpWithDevices } from './device-calls.js';

type RestoreOutcome =
  | { ok: true; status: 'active' | 'waiting' }
  | { ok: false; code: Refusal | 'unavailable' | 'server_draining' };

/**
 * Takes a device's word for a call that the server does not know, once the other party says the same.
 *
 * @see SPEC.md, rules RESUME-7 to RESUME-9
 */
export async function restoreCall(context: CallContext, claim: RestoreClaim): Promise<RestoreOutcome> {
  const { stores, rules, clock } = context;
  const refusal = await judgeUnknown(context, claim);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const known = await stores.calls.get(claim.callId);
    if (known !== undefined) {
      const judged = judgeKnown(known, claim);
      return judged === 'active' ? { ok: true, status: 'active' } : { ok: false, code: judged };
    }
    if (refusal !== undefined) return { ok: false, code: refusal };
    if (context.isDraining()) return { ok: false, code: 'server_draining' };
    const at = clock.now();
    const other = await stores.restores.file(claim, at, at + rules.graceMs);
    if (other === undefined || !agree(claim, other)) return { ok: true, status: 'waiting' };
    const call = restoredCall(claim, other, at, rules);
    if (!(await stores.calls.commit({ calls: [{ call, expectedVersion: 0 }], lines: [] }))) continue;
    context.run([{ type: 'restored', call, first: other.device }]);
    await catchUpWithDevices(context, call.id);
    return { ok: true, status: 'active' };
  }
  return { ok: false, code: 'unavailable' };
}

async function judgeUnknown(
  context: CallContext,
  { callId, user, peer, role, callType }: RestoreClaim,
): Promise<'forbidden' | 'unavailable' | undefined> {
  if (user.id === peer) return 'forbidden';
  const { authorizeCall } = context.hooks;
  if (authorizeCall === undefined) return undefined;
  const known = await context.stores.users.get(peer);
  const other = { id: peer, username: known?.username ?? peer };
  const request: CallRequest =
    role === 'caller' ? { callId, from: user, to: other, callType } : { callId, from: other, to: user, callType };
  const allowed = await ask(authorizeCall, request, context);
  if (allowed === true) return undefined;
  return allowed === false ? 'forbidden' : 'unavailable';
}
