import type { UserRef } from 'signal-core/protocol';
import type { TimelineEntry } from '../session/timeline.js';

export const SCREENS = ['roster', 'calls', 'ladder', 'log', 'server'] as const;

type Screen = (typeof SCREENS)[number];

/** A filter that may be typed. */
export interface Filter {
  text: string;
  isTyping: boolean;
}

/** A user the dashboard has heard of; offline ones have been there before. */
export interface KnownPerson extends UserRef {
  isOnline: boolean;
}

export interface Roster {
  /** Who is online first, then by name. */
  people: readonly KnownPerson[];
  filter: Filter;
  cursor: number;
}

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

interface Calls {
  /** The latest first. */
  rows: readonly CallRow[];
  cursor: number;
}

/** The events of one call. */
interface Ladder {
  callId: string | undefined;
  cursor: number;
  /** Whether the body of the event at the cursor is shown. */
  isOpen: boolean;
}

export interface Log {
  /** The oldest first. */
  entries: readonly TimelineEntry[];
  filter: Filter;
  /** How many entries from the end the last shown one is; 0 follows what comes. */
  back: number;
}

/** What the server said of itself last. */
export interface ServerFigures {
  health: readonly (readonly [name: string, value: string])[];
  metrics: readonly (readonly [name: string, value: string])[];
}

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
  figures: ServerFigures | undefined;
  /** The last thing to know, in one line. */
  note: string;
}

/** @param now - epoch milliseconds */
export function emptyDashboard(self: UserRef, server: string, now: number): Dashboard {
  const filter = { text: '', isTyping: false };
  return {
    self,
    server,
    link: 'joined',
    screen: 'roster',
    isHelp: false,
    now,
    roster: { people: [], filter, cursor: 0 },
    calls: { rows: [], cursor: 0 },
    ladder: { callId: undefined, cursor: 0, isOpen: false },
    log: { entries: [], filter, back: 0 },
    figures: undefined,
    note: '',
  };
}

/** The call that rings here and waits for a decision: the one that came first. */
export function callToAnswer({ calls }: Dashboard): CallRow | undefined {
  return calls.rows.findLast(({ role, state }) => role === 'callee' && state === 'ringing');
}

/** Who fits the filter. */
export function visiblePeople({ people, filter }: Roster): KnownPerson[] {
  const wanted = filter.text.toLowerCase();
  return people.filter(({ username, id }) => `${username} ${id}`.toLowerCase().includes(wanted));
}

/** The events of the call that the ladder is about. */
export function ladderEntries({ ladder, log }: Dashboard): TimelineEntry[] {
  return log.entries.filter(({ callId }) => callId !== null && callId === ladder.callId);
}

/** What fits the filter of the log. */
export function visibleEntries({ entries, filter }: Log): TimelineEntry[] {
  const wanted = filter.text.toLowerCase();
  return entries.filter(({ event, summary }) => `${event} ${summary}`.toLowerCase().includes(wanted));
}
