import type { RelayOutcome } from '../../calls/signal-relay.js';
import { isParty } from '../../domain/call.js';
import type { UserId } from '../../domain/ids.js';
import type { GatewayContext } from '../gateway-context.js';
import type { JoinedHandler } from './handler.js';
import { refusal } from './refusal.js';

/**
 * Relays a candidate: no store, no promise.
 *
 * @see SPEC.md, section ICE
 */
export const iceCandidate: JoinedHandler<'ice_candidate'> = {
  needs: 'session',
  handle({ context, payload }, { device, user }) {
    const outcome = context.relay.relay(device, payload, context.calls.clock.now());
    return outcome.ok ? {} : refuse(outcome, payload.callId, user.id, context);
  },
};

/**
 * Relays several candidates at once.
 *
 * @see SPEC.md, rule ICE-9
 */
export const iceCandidates: JoinedHandler<'ice_candidates'> = {
  needs: 'session',
  handle({ context, payload }, { device, user }) {
    const outcome = context.relay.relayBatch(device, payload);
    return outcome.ok ? {} : refuse(outcome, payload.callId, user.id, context);
  },
};

/**
 * Relays what renegotiates an active call.
 *
 * @see SPEC.md, rules TALK-1 and TALK-3
 */
export const sessionDescription: JoinedHandler<'session_description'> = {
  needs: 'session',
  handle({ context, payload }, { device, user }) {
    const outcome = context.relay.relayDescription(device, payload);
    return outcome.ok ? {} : refuse(outcome, payload.callId, user.id, context);
  },
};

/**
 * Relays what the applications have for each other.
 *
 * @see SPEC.md, rules TALK-2 and TALK-3
 */
export const callInfo: JoinedHandler<'call_info'> = {
  needs: 'session',
  handle({ context, payload }, { device, user }) {
    const outcome = context.relay.relayInfo(device, payload);
    return outcome.ok ? {} : refuse(outcome, payload.callId, user.id, context);
  },
};

function refuse(
  outcome: Extract<RelayOutcome, { ok: false }>,
  callId: string | undefined,
  user: UserId,
  context: GatewayContext,
): Promise<never> {
  if (outcome.code === 'not_in_call') return refuseOutsideOf(outcome.callId, user, context);
  throw refusal(outcome.code, callId);
}

/** The device has no part in that call: whether the user has decides what may be said. */
async function refuseOutsideOf(callId: string, user: UserId, { calls }: GatewayContext): Promise<never> {
  const call = await calls.stores.calls.get(callId);
  throw refusal(call !== undefined && isParty(call, user) ? 'invalid_state' : 'call_not_found', callId);
}
