import type { RelayOutcome } from '../../calls/signal-relay.js';
import { isParty } from '../../domain/call.js';
import type { Session } from '../../domain/session.js';
import type { ClientPayload } from '../../protocol/client-events.js';
import type { GatewayContext } from '../gateway-context.js';
import { relayOnlyCandidate, relayOnlyDescription } from '../relay-only.js';
import type { JoinedHandler } from './handler.js';
import { refusal } from './refusal.js';

/**
 * Relays a candidate: no store, no promise.
 *
 * @see SPEC.md, section ICE
 */
export const iceCandidate: JoinedHandler<'ice_candidate'> = {
  needs: 'session',
  handle({ context, payload }, session) {
    const shown = context.options.icePolicy === 'all' ? payload : shownCandidate(payload, context);
    if (shown === undefined) return {};
    const outcome = context.relay.relay(session.device, shown, context.calls.clock.now());
    return outcome.ok ? {} : refuse(outcome, payload.callId, session, context);
  },
};

/**
 * Relays several candidates at once.
 *
 * @see SPEC.md, rule ICE-9
 */
export const iceCandidates: JoinedHandler<'ice_candidates'> = {
  needs: 'session',
  handle({ context, payload }, session) {
    const shown = context.options.icePolicy === 'all' ? payload : shownBatch(payload, context);
    if (shown.candidates.length === 0) return {};
    const outcome = context.relay.relayBatch(session.device, shown);
    return outcome.ok ? {} : refuse(outcome, payload.callId, session, context);
  },
};

/**
 * Relays what renegotiates an active call.
 *
 * @see SPEC.md, rules TALK-1 and TALK-3
 */
export const sessionDescription: JoinedHandler<'session_description'> = {
  needs: 'session',
  handle({ context, payload }, session) {
    const { options, relay } = context;
    const outcome = relay.relayDescription(
      session.device,
      payload,
      options.icePolicy === 'all' ? undefined : relayOnlyDescription,
    );
    return outcome.ok ? {} : refuse(outcome, payload.callId, session, context);
  },
};

/**
 * Relays what the applications have for each other.
 *
 * @see SPEC.md, rules TALK-2 and TALK-3
 */
export const callInfo: JoinedHandler<'call_info'> = {
  needs: 'session',
  handle({ context, payload }, session) {
    const outcome = context.relay.relayInfo(session.device, payload);
    return outcome.ok ? {} : refuse(outcome, payload.callId, session, context);
  },
};

function shownCandidate(
  payload: ClientPayload<'ice_candidate'>,
  { mayBeRelay }: GatewayContext,
): ClientPayload<'ice_candidate'> | undefined {
  const candidate = relayOnlyCandidate(payload.candidate, mayBeRelay);
  return candidate === undefined ? undefined : { ...payload, candidate };
}

function shownBatch(
  payload: ClientPayload<'ice_candidates'>,
  { mayBeRelay }: GatewayContext,
): ClientPayload<'ice_candidates'> {
  const shown = payload.candidates.map((candidate) => relayOnlyCandidate(candidate, mayBeRelay));
  return { ...payload, candidates: shown.filter((candidate) => candidate !== undefined) };
}

function refuse(
  outcome: Extract<RelayOutcome, { ok: false }>,
  callId: string | undefined,
  session: Session,
  context: GatewayContext,
): Promise<never> {
  if (outcome.code === 'not_in_call') return refuseOutsideOf(outcome.callId, session, context);
  throw refusal(outcome.code, callId);
}

/** The device has no part in that call: whether the user has decides what may be said. */
async function refuseOutsideOf(callId: string, { scope, user }: Session, { calls }: GatewayContext): Promise<never> {
  const call = await calls.in(scope).stores.calls.get(callId);
  throw refusal(call !== undefined && isParty(call, user.id) ? 'invalid_state' : 'call_not_found', callId);
}
