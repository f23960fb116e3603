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
    if (outcome.ok) return {};
    if (outcome.code === 'rate_limited') throw refusal('rate_limited', payload.callId);
    return refuseOutsideOf(outcome.callId, user.id, context);
  },
};

/** The device has no part in that call: whether the user has decides what may be said. */
async function refuseOutsideOf(callId: string, user: UserId, { calls }: GatewayContext): Promise<never> {
  const call = await calls.stores.calls.get(callId);
  throw refusal(call !== undefined && isParty(call, user) ? 'invalid_state' : 'call_not_found', callId);
}
