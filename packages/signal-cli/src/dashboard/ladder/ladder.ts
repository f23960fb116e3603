import type { TimelineEntry } from '../../session/timeline.js';
import type { Log } from '../log/log.js';

/** The events of one call. */
export interface Ladder {
  callId: string | undefined;
  cursor: number;
  /** Whether the body of the event at the cursor is shown. */
  isOpen: boolean;
}

/** The ladder of a call, from its first event. */
export function ladderOf(callId: string | undefined): Ladder {
  return { callId, cursor: 0, isOpen: false };
}

/** The events of the call that the ladder is about. */
export function ladderEntries(ladder: Ladder, { entries }: Log): TimelineEntry[] {
  return entries.filter(({ callId }) => callId !== null && callId === ladder.callId);
}
