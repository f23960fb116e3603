import { type CallEnd, SignalingError } from 'signal-core/client';
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
  | { kind: 'ring_timeout' }
  | { kind: 'failure'; message: string }
  | { kind: 'interrupted' }
  /** By the other end or the server; `message` explains a refusal. */
  | { kind: 'ended'; reason: CallEnd['reason']; message?: string };

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

/** Whether all of the media was right, is not known yet, or what was wrong with it. */
export type Proof = 'right' | 'open' | { wrong: string };

export function exitCodeOf(outcome: Outcome): number {
  return EXIT_OF[outcome];
}

/** The ending that a thrown error stands for. */
export function endingOf(error: unknown): Ending {
  if (error instanceof SignalingError) return { kind: 'ended', reason: error.code, message: error.message };
  return { kind: 'failure', message: error instanceof Error ? error.message : String(error) };
}

/**
 * What a call came to.
 *
 * @param proof - what was seen of the media, or of the bytes, before it ended
 */
export function verdictOf(ending: Ending, proof: Proof): Verdict {
  switch (ending.kind) {
    case 'hung_up':
      return { outcome: 'completed', reason: null };
    case 'rejected_here':
      return { outcome: 'rejected', reason: null };
    case 'interrupted':
      return { outcome: 'interrupted', reason: null };
    case 'ring_timeout':
      return { outcome: 'no_answer', reason: 'stopped ringing after --timeout' };
    case 'failure':
      return { outcome: 'failed', reason: ending.message };
    case 'ended':
      return verdictOfEnd(ending, proof);
    default:
      return exhausted(ending);
  }
}

function verdictOfEnd({ reason, message }: Extract<Ending, { kind: 'ended' }>, proof: Proof): Verdict {
  switch (reason) {
    case 'hangup':
      return verdictOfHangup(proof);
    case 'user_offline':
      return { outcome: 'offline', reason: null };
    case 'declined':
      return { outcome: 'rejected', reason: null };
    case 'busy':
    case 'no_answer':
    case 'cancelled':
      return { outcome: reason, reason: null };
    case 'answered_elsewhere':
    case 'rejected_elsewhere':
      return { outcome: 'cancelled', reason };
    case 'closed':
      return { outcome: 'failed', reason: 'the connection to the server is gone' };
    default:
      return { outcome: 'failed', reason: message === undefined ? reason : `${reason}, ${message}` };
  }
}

/** The peer may hang up in the same moment in which its last message is found to be wrong. */
function verdictOfHangup(proof: Proof): Verdict {
  if (proof === 'right') return { outcome: 'completed', reason: null };
  return {
    outcome: 'failed',
    reason: proof === 'open' ? 'the peer hung up before everything had arrived' : proof.wrong,
  };
}
