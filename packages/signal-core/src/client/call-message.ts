import type { ServerPayloads } from '../protocol/server-events.js';

/** The events of the server that are about one call, but for the ring that begins it. */
const CALL_EVENTS = [
  'call_status',
  'call_accepted',
  'call_rejected',
  'call_ended',
  'ice_candidate',
  'ice_candidates',
  'session_description',
  'call_info',
] as const satisfies (keyof ServerPayloads)[];

type CallEvent = (typeof CALL_EVENTS)[number];

/** One of them with its payload. */
export type CallMessage = { [E in CallEvent]: { event: E; payload: ServerPayloads[E] } }[CallEvent];

/** @returns `undefined` for an event that is about something else */
export function callMessage(event: string, payload: unknown): CallMessage | undefined {
  const isCallEvent = (CALL_EVENTS as readonly string[]).includes(event) && typeof payload === 'object';
  // the name says what the server put into it
  return isCallEvent && payload !== null ? ({ event, payload } as CallMessage) : undefined;
}
