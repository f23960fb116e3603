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

/** Epoch milliseconds, to the microsecond; the wall clock may step, this does not. */
function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000;
}

/** The timeline entry of an event that is being sent or has just come. */
export function wireEntry(direction: 'sent' | 'received', event: string, body: unknown): TimelineEntry {
  return { at: now(), direction, event, callId: callIdIn(body), summary: summarize(event, body), body: body ?? null };
}

/** The timeline entry of an acknowledgement: the call it is about is often named by the question only. */
export function ackEntry(event: string, question: unknown, ack: unknown): TimelineEntry {
  const callId = callIdIn(ack) ?? callIdIn(question);
  return { at: now(), direction: 'received', event: 'ack', callId, summary: summarizeAck(event, ack), body: ack };
}

export function milestone(event: string, callId: string | null, summary: string): TimelineEntry {
  return { at: now(), direction: 'local', event, callId, summary, body: null };
}

function callIdIn(body: unknown): string | null {
  const { callId } = fieldsOf(body);
  return typeof callId === 'string' ? callId : null;
}
