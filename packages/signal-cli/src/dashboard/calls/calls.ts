import type { UserRef } from 'signal-core/protocol';

/** One call of this user, as the dashboard saw it. */
export interface CallRow {
  callId: string;
  peer: UserRef;
  role: 'caller' | 'callee';
  callType: 'video' | 'audio';
  state: 'ringing' | 'active' | 'over';
  /** When it began, was answered, and was over; epoch milliseconds. */
  startedAt: number;
  answeredAt?: number;
  endedAt?: number;
  /** What became of it, in words. */
  outcome?: string;
  /** When it stops ringing here, in epoch milliseconds. */
  ringsUntil?: number;
}

export interface Calls {
  /** The latest first. */
  rows: readonly CallRow[];
  cursor: number;
}

/** How many calls are remembered. */
const MAX_CALLS = 200;

export function isKnown({ rows }: Calls, { callId }: CallRow): boolean {
  return rows.some((row) => row.callId === callId);
}

/** A call that is new, or has changed; the cursor stays on the call it was on, but for the latest. */
export function withCall(calls: Calls, call: CallRow): Calls {
  const { rows, cursor } = calls;
  if (isKnown(calls, call)) {
    return { rows: rows.map((row) => (row.callId === call.callId ? call : row)), cursor };
  }
  const kept = [call, ...rows].slice(0, MAX_CALLS);
  return { rows: kept, cursor: cursor === 0 ? 0 : Math.min(cursor + 1, kept.length - 1) };
}

/** The call that rings here and waits for a decision: the one that came first. */
export function callToAnswer({ rows }: Calls): CallRow | undefined {
  return rows.findLast(({ role, state }) => role === 'callee' && state === 'ringing');
}
