import { applyCommand, type Outcome } from '../calls/apply-command.js';
import type { CallContext } from '../calls/call-context.js';
import type { Call } from '../domain/call.js';
import type { CallCommand } from '../domain/command.js';
import type { CallId } from '../domain/ids.js';
import { transition } from '../domain/transition.js';
import { StoreAway } from './guarded-stores.js';
import type { KnownCalls } from './known-calls.js';

type Ending = Extract<CallCommand, { type: 'end' | 'reject' }>;

interface Parts {
  known: KnownCalls;
  /** Tells the devices of this node what is new to them. */
  learn(scope: string, call: Call): void;
}

/**
 * Ends a call, if need be without the store: nobody must wait for a store to hang up. The devices of this node hear of it
 * now; the store, and with it the other nodes, when this node finds that it knows more than the store does.
 *
 * @throws StoreAway when the store is away and the call is not known here
 * @see SPEC.md, rules NODE-9 and NODE-10
 */
export async function endAnyway(context: CallContext, callId: CallId, command: Ending, parts: Parts): Promise<Outcome> {
  try {
    return await applyCommand(context, callId, command);
  } catch (error) {
    const known = parts.known.get(context.scope, callId);
    if (!(error instanceof StoreAway) || known === undefined) throw error;
    const decision = transition(known.call, command, context.rules);
    if (!decision.ok) return decision;
    parts.learn(context.scope, decision.call);
    return { ok: true };
  }
}
