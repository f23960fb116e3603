import type { UserRef } from 'signal-core/protocol';
import type { Calls } from './calls/calls.js';
import type { Filter } from './filter.js';
import { type Ladder, ladderOf } from './ladder/ladder.js';
import { EMPTY_LOG, type Log } from './log/log.js';
import { EMPTY_ROSTER, type Roster } from './roster/roster.js';
import { type Figures, NO_FIGURES } from './server/figures.js';

export const SCREENS = ['roster', 'calls', 'ladder', 'log', 'server'] as const;

type Screen = (typeof SCREENS)[number];

/** All that the dashboard shows. */
export interface Dashboard {
  self: UserRef;
  server: string;
  link: 'joined' | 'reconnecting';
  screen: Screen;
  isHelp: boolean;
  /** Epoch milliseconds. */
  now: number;
  roster: Roster;
  calls: Calls;
  ladder: Ladder;
  log: Log;
  figures: Figures;
  /** The last thing to know, in one line. */
  note: string;
}

/** @param now - epoch milliseconds */
export function emptyDashboard(self: UserRef, server: string, now: number): Dashboard {
  return {
    self,
    server,
    link: 'joined',
    screen: 'roster',
    isHelp: false,
    now,
    roster: EMPTY_ROSTER,
    calls: { rows: [], cursor: 0 },
    ladder: ladderOf(undefined),
    log: EMPTY_LOG,
    figures: NO_FIGURES,
    note: '',
  };
}

/** The filter of the screen that is shown, where it has one. */
export function filterOf({ screen, roster, log }: Dashboard): Filter | undefined {
  if (screen === 'roster') return roster.filter;
  return screen === 'log' ? log.filter : undefined;
}

/** The filter that is being typed. */
export function typingFilter(state: Dashboard): Filter | undefined {
  const filter = filterOf(state);
  return filter?.isTyping ? filter : undefined;
}

/** That filter for the screen that is shown, from the top of its list. */
export function withFilter(state: Dashboard, filter: Filter): Dashboard {
  if (state.screen === 'log') return { ...state, log: { ...state.log, filter, back: 0 } };
  return { ...state, roster: { ...state.roster, filter, cursor: 0 } };
}
