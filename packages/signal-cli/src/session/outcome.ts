import { type ErrorCode, SignalingError } from 'signal-core/protocol';
import { exhausted } from '../exhausted.js';
import { EXIT } from '../exit-codes.js';

export type Outcome =
  | 'completed'
  | 'rejected'
  | 'busy'
  | 'offline'
  | 'no_answer'
  | 'cancelled'
  | 'failed'
  | 'interrupted';

/** Why a call is over, as this device saw it. */
export type Ending =
  | { kind: 'hung_up' }
  | { kind: 'rejected_here' }
  | { kind: 'call_rejected'; reason: string | undefined }
  | { kind: 'call_ended'; reason: string | undefined }
  | { kind: 'user_offline' }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'ring_timeout' }
  | { kind: 'failure'; message: string }
  | { kind: 'interrupted' };

/** Outcome and, where it is not plain from the outcome, the reason. */
export interface Verdict {
  outcome: Outcome;
  reason: string | null;
}

const EXIT_OF: Record<Outcome, number> = {
  completed: EXIT.ok,
  rejected: EXIT.rejected,
  busy: EXIT.rejected,
  offline: EXIT.offline,
  no_answer: EXIT.noAnswer,
  cancelled: EXIT.ok,
  failed: EXIT.failed,
  interrupted: EXIT.interrupted,
};

export function exitCodeOf(outcome: Outcome): number {
  return EXIT_OF[outcome];
}

/** The ending that a thrown error stands for. */
export function endingOf(error: unknown): Ending {
  if (error instanceof SignalingError) return { kind: 'refused', code: error.code, message: error.message };
  return { kind: 'failure', message: error instanceof Error ? error.message : String(error) };
}

/** Whether the server may still think the call live, so that it must be told. */
export function mustBeTold(ending: Ending): boolean {
  const { kind } = ending;
  return kind === 'hung_up' || kind === 'ring_timeout' || kind === 'failure' || kind === 'interrupted';
}

/**
 * What a call came to.
 *
 * @param proven - whether the media was seen to work, or the bytes to be right, before it ended
 */
export function verdictOf(ending: Ending, proven: boolean): Verdict {
  switch (ending.kind) {
    case 'hung_up':
      return { outcome: 'completed', reason: null };
    case 'rejected_here':
      return { outcome: 'rejected', reason: null };
    case 'interrupted':
      return { outcome: 'interrupted', reason: null };
    case 'user_offline':
      return { outcome: 'offline', reason: null };
    case 'ring_timeout':
      return { outcome: 'no_answer', reason: 'stopped ringing after --timeout' };
    case 'failure':
      return { outcome: 'failed', reason: ending.message };
    case 'refused':
      return refusal(ending.code, ending.message);
    case 'call_rejected':
      return refusal(ending.reason ?? 'declined', null);
    case 'call_ended':
      return remoteEnd(ending.reason ?? 'hangup', proven);
    default:
      return exhausted(ending);
  }
}

/** A refusal comes twice, as an acknowledgement and as the legacy event: both give the same outcome. */
function refusal(code: string, message: string | null): Verdict {
  if (code === 'user_offline') return { outcome: 'offline', reason: null };
  if (code === 'busy') return { outcome: 'busy', reason: null };
  if (code === 'declined') return { outcome: 'rejected', reason: null };
  return { outcome: 'failed', reason: message === null ? code : `${code}, ${message}` };
}

function remoteEnd(reason: string, proven: boolean): Verdict {
  switch (reason) {
    case 'hangup':
      return proven
        ? { outcome: 'completed', reason: null }
        : { outcome: 'failed', reason: 'the peer hung up before everything had arrived' };
    case 'no_answer':
      return { outcome: 'no_answer', reason: null };
    case 'cancelled':
      return { outcome: 'cancelled', reason: null };
    case 'answered_elsewhere':
    case 'rejected_elsewhere':
      return { outcome: 'cancelled', reason };
    default:
      return { outcome: 'failed', reason };
  }
}
