import { exhausted } from '../exhausted.js';
import type { TimelineEntry } from '../session/timeline.js';
import { type CallRow, isKnown, withCall } from './calls/calls.js';
import { ladderOf } from './ladder/ladder.js';
import { withEntries } from './log/log.js';
import { type KnownPerson, withPeople } from './roster/roster.js';
import type { ServerFigures } from './server/figures.js';
import type { Dashboard } from './state.js';

/** What the dashboard is told by its connection, the server and the clock. */
export type Happening =
  | { type: 'people'; people: readonly KnownPerson[] }
  | { type: 'traffic'; entries: readonly TimelineEntry[] }
  | { type: 'call'; call: CallRow }
  | { type: 'link'; link: Dashboard['link'] }
  | { type: 'server'; figures: ServerFigures }
  | { type: 'note'; text: string }
  | { type: 'tick'; now: number };

/** What the dashboard shows after that. */
export function happen(state: Dashboard, happening: Happening): Dashboard {
  switch (happening.type) {
    case 'people':
      return { ...state, roster: withPeople(state.roster, happening.people) };
    case 'traffic':
      return { ...state, log: withEntries(state.log, happening.entries) };
    case 'call':
      return { ...state, calls: withCall(state.calls, happening.call), ladder: ladderAfter(state, happening.call) };
    case 'link':
      return { ...state, link: happening.link };
    case 'server':
      return { ...state, figures: { ...state.figures, found: happening.figures } };
    case 'note':
      return { ...state, note: happening.text };
    case 'tick':
      return { ...state, now: happening.now };
    default:
      return exhausted(happening);
  }
}

/** The ladder is of the latest call, unless somebody looks at another one. */
function ladderAfter({ calls, ladder, screen }: Dashboard, call: CallRow): Dashboard['ladder'] {
  const isLookedAt = screen === 'ladder' && ladder.callId !== undefined;
  return isKnown(calls, call) || isLookedAt ? ladder : ladderOf(call.callId);
}
