import type { CallCommand, Refusal } from '../domain/command.js';
import type { CallId } from '../domain/ids.js';
import { transition } from '../domain/transition.js';
import { type CallContext, MAX_ATTEMPTS } from './call-context.js';

export type Outcome = { ok: true } | { ok: false; code: Refusal | 'unavailable' };

/**
 * Changes a call: read, decide, commit, and only then act. The one way for sockets, timers and the host alike.
 *
 * @returns the refusal of the state machine, `call_not_found`, or `unavailable` when every race was lost
 */
export async function applyCommand(context: CallContext, callId: CallId, command: CallCommand): Promise<Outcome> {
  const { stores, rules } = context;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const call = await stores.calls.get(callId);
    if (call === undefined) return { ok: false, code: 'call_not_found' };
    const decision = transition(call, command, rules);
    if (!decision.ok) return decision;
    const calls = decision.call === call ? [] : [{ call: decision.call, expectedVersion: call.version }];
    if (calls.length > 0 && !(await stores.calls.commit({ calls, lines: [] }))) continue;
    context.run(decision.effects, [{ before: call, after: decision.call }], context.scope);
    return { ok: true };
  }
  return { ok: false, code: 'unavailable' };
}
