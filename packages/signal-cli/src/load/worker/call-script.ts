import type { PlannedCall } from '../schedule.js';
import type { Descriptions } from './descriptions.js';

/** What is settled of a call before it begins. */
export interface CallScript {
  planned: PlannedCall;
  /** Names it in its candidates. */
  tag: string;
  /** The instant it was due, by `performance.now()`: what is late counts from then. */
  dueAt: number;
  descriptions: Descriptions;
  /** Candidates that each side sends. */
  ice: number;
  /** Both call each other at the same moment. */
  isGlare: boolean;
  /** Longest wait for one step; who calls somebody that does not answer gives up after it, too. */
  timeoutMs: number;
}
