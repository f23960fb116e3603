import type { UserRef } from 'signal-core/protocol';
import type { MediaReport } from './media-peer.js';
import type { Outcome } from './outcome.js';

/** What is known of a call once it is over. */
export interface CallReport {
  /** `null` when it never rang. */
  callId: string | null;
  /** Of two who call each other at once the second becomes the callee. */
  role: 'caller' | 'callee';
  peer: UserRef;
  outcome: Outcome;
  /** Why, where the outcome does not say it all. */
  reason: string | null;
  /** From the decision to call to the answer, in milliseconds; the caller's only. */
  setupMs: number | null;
  /** From accepted to ended, in milliseconds. */
  durationMs: number | null;
  media: MediaReport | null;
}
