import { applyCommand, type Outcome } from '../calls/apply-command.js';
import type { CallContext } from '../calls/call-context.js';
import type { Call } from '../domain/call.js';
import type { CallCommand } from '../domain/command.js';
import type { CallId } from '../domain/ids.js';
import { transition } from '../domain/transition.js';
import { StoreAway } from './guarded-stores.js';
import type { KnownCalls } from './known-calls.js';

export type Ending = Extract<CallCommand, { type: 'end' | 'reject' }>;

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
    const outcome = await applyCommand(context, callId, command);
    return isForgotten(outcome) ? (endLocally(context, callId, command, parts) ?? outcome) : outcome;
  } catch (error) {
    const outcome = error instanceof StoreAway ? endLocally(context, callId, command, parts) : undefined;
    if (outcome === undefined) throw error;
    return outcome;
  }
}

/** A store that has just lost everything has not been told of the call again yet. */
function isForgotten(outcome: Outcome): boolean {
  return !outcome.ok && outcome.code === 'call_not_found';
}

/** @returns `undefined` for a call that is not known here */
function endLocally(
  { scope, rules }: CallContext,
  callId: CallId,
  command: Ending,
  { known, learn }: Parts,
): Outcome | undefined {
  const call = known.get(scope, callId)?.call;
  if (call === undefined) return undefined;
  const decision = transition(call, command, rules);
  if (!decision.ok) return decision;
  learn(scope, decision.call);
  return { ok: true };
}
