import type { Traffic } from 'signal-core/client';
import { fieldsOf } from './fields.js';
import { summarize, summarizeAck } from './summarize.js';

/** One thing that happened: an event on the wire, or (`local`) a milestone of the peer connection. */
export interface TimelineEntry {
  /** Epoch milliseconds with a fraction: comparable between processes of one machine. */
  at: number;
  direction: 'sent' | 'received' | 'local';
  event: string;
  callId: string | null;
  summary: string;
  /** The payload itself; shown with `--verbose` only. */
  body: unknown;
}

export type Observe = (entry: TimelineEntry) => void;

/** The timeline entry of what is being sent or has just come. */
export function wireEntry({ direction, event, payload, request }: Traffic): TimelineEntry {
  // the call that an answer is about is often named by the question only
  const callId = callIdIn(payload) ?? callIdIn(request);
  const body = payload ?? null;
  return direction === 'ack'
    ? { at: now(), direction: 'received', event: 'ack', callId, summary: summarizeAck(event, payload), body }
    : { at: now(), direction, event, callId, summary: summarize(event, payload), body };
}

export function milestone(event: string, summary = ''): TimelineEntry {
  return { at: now(), direction: 'local', event, callId: null, summary, body: null };
}

/** Epoch milliseconds, to the microsecond; the wall clock may step, this does not. */
function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000;
}

function callIdIn(body: unknown): string | null {
  const { callId } = fieldsOf(body);
  return typeof callId === 'string' ? callId : null;
}
