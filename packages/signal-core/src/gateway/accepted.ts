import type { CallId } from '../domain/ids.js';
import type { ServerEvent } from '../protocol/server-events.js';

const ACCEPTED: ServerEvent = 'call_accepted';
const STATUS: ServerEvent = 'call_status';

/**
 * Calls of which a device hears that they were accepted by what waits for it: where it may be told again, it is told once.
 *
 * @param texts - encoded events
 * @see SPEC.md, rule NODE-5
 */
export function acceptedIn(texts: readonly string[]): Set<CallId> {
  const accepted = texts.filter((text) => isOf(ACCEPTED, text));
  return new Set(accepted.map((text) => JSON.parse(text.slice('2'.length))[1].callId));
}

/** @returns whether the call is not among those, among which it is from now on */
export function isFirst(accepted: Set<CallId> | undefined, callId: CallId): boolean {
  if (accepted?.has(callId)) return false;
  accepted?.add(callId);
  return true;
}

/** What comes too late, without what the device was told since: that a call was accepted, and who is there. */
export function stillNew(accepted: Set<CallId> | undefined, texts: readonly string[]): string[] {
  const isNew = (text: string) => [...acceptedIn([text])].every((callId) => isFirst(accepted, callId));
  return texts.filter((text) => !isOf(STATUS, text) && isNew(text));
}

function isOf(event: ServerEvent, text: string): boolean {
  return text.startsWith(`2["${event}",`);
}
