import { heldHere } from '../../calls/call-context.js';
import { restoreCall } from '../../calls/restore-call.js';
import type { JoinedHandler } from './handler.js';
import { refusal } from './refusal.js';

/**
 * Claims a call that the server does not know.
 *
 * @see SPEC.md, rules RESUME-7 to RESUME-9
 */
export const callRestore: JoinedHandler<'call_restore'> = {
  needs: 'session',
  async handle({ context, payload: { callId, peer, role, callType } }, { device, user, legacy, scope }) {
    if (legacy) throw refusal('forbidden', callId);
    const held = heldHere(context.calls, device);
    const outcome = await restoreCall(context.calls.in(scope), { callId, ...held, user, peer, role, callType, scope });
    if (!outcome.ok) throw refusal(outcome.code, callId);
    return { status: outcome.status };
  },
};
