import { v4 as uuidv4 } from 'uuid';
import { applyCommand } from '../../calls/apply-command.js';
import { heldHere } from '../../calls/call-context.js';
import { placeCall } from '../../calls/place-call.js';
import { SignalingError } from '../../protocol/errors.js';
import type { Renegotiation } from '../../protocol/signal.js';
import type { GatewayContext } from '../gateway-context.js';
import { relayOnlyDescription } from '../relay-only.js';
import type { JoinedHandler } from './handler.js';
import { refusal } from './refusal.js';

/**
 * Places a call.
 *
 * @see SPEC.md, rules CALL-1, CALL-2 and CALL-15
 */
export const callUser: JoinedHandler<'call_user'> = {
  needs: 'session',
  async handle({ context, payload }, session) {
    const { callId = uuidv4(), from, to, callType, offer, metadata } = payload;
    if (from?.id !== undefined && from.id !== session.user.id) {
      throw new SignalingError('identity_mismatch', 'from.id is not the id of this connection', callId);
    }
    const outcome = await placeCall(context.calls.in(session.scope), {
      callId,
      ...heldHere(context.calls, session.device),
      from: session.user,
      scope: session.scope,
      to,
      callType,
      offer: shown(context, offer),
      at: context.calls.clock.now(),
      ...(metadata !== undefined && { metadata }),
    });
    if (!outcome.ok) throw refusal(outcome.code, outcome.callId ?? callId, outcome.retryAfterMs);
    return { callId, status: 'ringing' };
  },
  onRefused({ relay }, connection, error) {
    const callId = error.callId ?? uuidv4();
    if (error.code === 'user_offline') {
      connection.send('call_status', { status: 'user_offline', callId });
    } else if (connection.session === undefined || !relay.isEngaged(connection.session.device)) {
      connection.send('call_rejected', { callId, reason: error.code });
    }
  },
};

/**
 * Answers a call.
 *
 * @see SPEC.md, rules CALL-4 and CALL-16
 */
export const acceptCall: JoinedHandler<'accept_call'> = {
  needs: 'session',
  async handle({ context, payload: { callId, answer } }, { device, scope }) {
    const calls = context.calls.in(scope);
    const outcome = await applyCommand(calls, callId, {
      type: 'accept',
      ...heldHere(calls, device),
      answer: shown(context, answer),
      at: calls.clock.now(),
    });
    if (!outcome.ok) throw refusal(outcome.code, callId);
    return {};
  },
  onRefused({ relay }, connection, error) {
    const { session } = connection;
    if (session !== undefined && relay.isEngaged(session.device)) return;
    connection.send('call_ended', { callId: error.callId ?? '' });
  },
};

/** Declines a call. */
export const rejectCall: JoinedHandler<'reject_call'> = {
  needs: 'session',
  async handle({ context, payload: { callId, reason = 'declined' } }, { device, scope }) {
    const calls = context.calls.in(scope);
    const at = calls.clock.now();
    const outcome = await context.applyEnding(calls, callId, { type: 'reject', device, reason, at });
    if (!outcome.ok) throw refusal(outcome.code, callId);
    return {};
  },
};

/** Hangs up, cancels, or declines. */
export const endCall: JoinedHandler<'end_call'> = {
  needs: 'session',
  async handle({ context, payload: { callId } }, { device, user, scope }) {
    const calls = context.calls.in(scope);
    const outcome = await context.applyEnding(calls, callId, { type: 'end', device, at: calls.clock.now() });
    if (outcome.ok) return {};
    // a call that its caller or callee waits to have back is no call yet
    if (outcome.code === 'call_not_found' && (await calls.stores.restores.withdraw(callId, user))) return {};
    throw refusal(outcome.code, callId);
  },
};

/** What the other party may see of a description. */
function shown<D extends Renegotiation>({ options }: GatewayContext, description: D): D {
  return options.icePolicy === 'all' ? description : relayOnlyDescription(description);
}
