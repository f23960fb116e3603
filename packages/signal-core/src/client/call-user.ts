import type { ClientPayload } from '../protocol/client-events.js';
import type { UserRef } from '../protocol/server-events.js';
import type { CallFacts } from './signaling-call.js';

/** What places a call. */
export function callUser(call: CallFacts, self: UserRef, isLegacy: boolean): ClientPayload<'call_user'> {
  const { id: callId, callType, offer, metadata, peer } = call;
  if (isLegacy) return { to: peer.id, from: self, callType, offer };
  const payload: ClientPayload<'call_user'> = { to: peer.id, callId, callType, offer };
  if (metadata !== undefined) payload.metadata = metadata;
  return payload;
}
