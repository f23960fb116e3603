import type { JoinedHandler } from './handler.js';
import { refusal } from './refusal.js';

/**
 * Relays a candidate: no store, no promise.
 *
 * @see SPEC.md, section ICE
 */
export const iceCandidate: JoinedHandler<'ice_candidate'> = {
  needs: 'session',
  handle({ context, payload }, { device }) {
    const outcome = context.relay.relay(device, payload, context.calls.clock.now());
    if (!outcome.ok) throw refusal(outcome.code, payload.callId);
    return {};
  },
};
