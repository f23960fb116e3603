import type { JoinSuccess } from '../protocol/server-events.js';
import type { SignalingCall } from './signaling-call.js';

/**
 * Where a call stands after a return: everything missed follows; it lives, and something was missed; the server does
 * not know it; or this device has no more part in it.
 */
export type Standing = 'whole' | 'gap' | 'unknown' | 'gone';

/** What `join_success` says of a call that this device had before. */
export function standingOf(
  call: Pick<SignalingCall, 'id' | 'role' | 'state'>,
  joined: Partial<Pick<JoinSuccess, 'calls' | 'resumed'>>,
): Standing {
  // a server of the legacy protocol says nothing, and media goes on
  if (joined.calls === undefined) return 'whole';
  // also of one that ended meanwhile: its end follows
  if (joined.resumed?.some(({ callId, recovered }) => recovered && callId === call.id)) return 'whole';
  const listed = joined.calls.find(({ callId }) => callId === call.id);
  if (listed !== undefined) return listed.here ? 'gap' : 'gone';
  // who only heard it ring is rung again if it still does
  return call.role === 'callee' && call.state === 'ringing' ? 'gone' : 'unknown';
}
