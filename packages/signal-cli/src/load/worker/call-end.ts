import type { Outcome } from '../phases.js';
import type { Side } from './candidates.js';

/** How a call ended, and who has still to hear of it. */
export class CallEnd {
  outcome: Outcome | undefined;
  failure: string | undefined;
  /** Sides that believe in a call which the other one has ended. */
  readonly unaware = new Set<Side>();

  /** The first word about how it ended counts. But what fails later has failed. */
  conclude(outcome: Outcome, failure?: string): void {
    if (this.failure !== undefined || (this.outcome !== undefined && failure === undefined)) return;
    this.outcome = outcome;
    this.failure = failure;
  }
}
