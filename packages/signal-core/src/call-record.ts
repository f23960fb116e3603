import type { Call, CallType, EndReason, User } from './domain/call.js';
import { exhausted } from './domain/exhausted.js';

/** A call as the host sees it. */
export interface CallRecord {
  id: string;
  /** The caller. */
  from: User;
  /** The callee. */
  to: User;
  callType: CallType;
  status: 'ringing' | 'active' | 'ended';
  /** When it was placed. */
  startTime: Date;
  /** When it was answered, if it ever was. */
  answerTime?: Date;
  /** When it ended; absent while it lives. */
  endTime?: Date;
  /** Why it ended; absent while it lives. */
  endReason?: EndReason;
  /** Milliseconds from the answer to the end. */
  durationMs?: number;
}

export function callRecord(call: Call): CallRecord {
  const { id, callType, status } = call;
  const record = {
    id,
    from: copy(call.from),
    to: copy(call.to),
    callType,
    status,
    startTime: new Date(call.startedAt),
  };
  switch (call.status) {
    case 'ringing':
      return record;
    case 'active':
      return { answerTime: new Date(call.answeredAt), ...record };
    case 'ended': {
      const { durationMs } = call;
      const end = { endTime: new Date(call.endedAt), endReason: call.reason };
      return durationMs === undefined ? { ...end, ...record } : { durationMs, ...end, ...record };
    }
    default:
      return exhausted(call);
  }
}

/** The host may add to what it gets: it is its own. */
function copy({ id, username }: User): User {
  return { id, username };
}
