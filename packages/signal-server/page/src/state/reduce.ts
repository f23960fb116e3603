import type { UserRef } from 'signal-core/client';
import type { DeviceProblem } from './device-words.js';
import { endWords } from './end-words.js';
import type { Call, CallType, EndedHere, Incoming, Mine, Online, PageState, Phase, Theirs } from './page-state.js';
import type { Quality } from './quality.js';

/** What happens to the page. */
export type PageEvent =
  | { type: 'logging_in'; name: string }
  | { type: 'logged_out'; name: string; problem?: string | undefined }
  | { type: 'online'; me: UserRef }
  | { type: 'link'; isLinked: boolean }
  | { type: 'people'; people: readonly UserRef[] }
  | { type: 'rings'; incoming: Incoming }
  | ({ type: 'rings_no_more'; id: string } & EndedHere)
  | { type: 'notice_read' }
  | CallEvent;

/** What happens to the call. */
export type CallEvent =
  | { type: 'call_begins'; role: Call['role']; peer: UserRef; callType: CallType; id?: string }
  /** It has its id; of two calls that cross, this is the one that is left. */
  | { type: 'placed'; id: string }
  | { type: 'phase'; phase: Phase }
  | { type: 'peer_away'; isAway: boolean }
  | { type: 'peer_muted'; isMuted: boolean }
  | { type: 'mine'; change: Partial<Mine> }
  | { type: 'theirs'; theirs: Theirs }
  | { type: 'problems'; problems: readonly DeviceProblem[] }
  | { type: 'measured'; quality: Quality; seconds: number }
  | { type: 'blocked'; problems: readonly DeviceProblem[] }
  | ({ type: 'call_over' } & EndedHere);

/** The page before anybody is logged in. */
export function loggedOut(name: string, problem?: string): PageState {
  return { at: 'login', name, isBusy: false, problem };
}

/**
 * What the page is after something happened.
 *
 * @see SPEC.md, section PAGE
 */
export function reduce(state: PageState, event: PageEvent): PageState {
  switch (event.type) {
    case 'logging_in':
      return { at: 'login', name: event.name, isBusy: true, problem: undefined };
    case 'logged_out':
      return loggedOut(event.name, event.problem);
    case 'online':
      return {
        at: 'online',
        me: event.me,
        isLinked: true,
        people: [],
        incoming: [],
        call: undefined,
        notice: undefined,
      };
    default:
      return state.at === 'online' ? whileOnline(state, event) : state;
  }
}

type OnlineEvent = Exclude<PageEvent, { type: 'logging_in' | 'logged_out' | 'online' }>;

function whileOnline(state: Online, event: OnlineEvent): Online {
  switch (event.type) {
    case 'link':
      return { ...state, isLinked: event.isLinked };
    case 'people': {
      const others = event.people.filter(({ id }) => id !== state.me.id);
      return { ...state, people: others.toSorted((a, b) => a.username.localeCompare(b.username)) };
    }
    case 'rings':
      return { ...state, incoming: [...without(state.incoming, event.incoming.id), event.incoming] };
    case 'rings_no_more': {
      const rang = state.incoming.find(({ id }) => id === event.id);
      if (rang === undefined) return state;
      const incoming = without(state.incoming, event.id);
      // what is said of a call that goes on counts more
      return state.call ? { ...state, incoming } : { ...state, incoming, notice: ended(rang.peer, event) };
    }
    case 'notice_read':
      return { ...state, notice: undefined };
    case 'call_begins': {
      const { role, peer, callType, id } = event;
      const incoming = id === undefined ? state.incoming : without(state.incoming, id);
      return { ...state, incoming, notice: undefined, call: newCall(role, peer, callType) };
    }
    case 'placed':
      return { ...state, incoming: without(state.incoming, event.id) };
    case 'call_over':
      return state.call ? { ...state, call: undefined, notice: ended(state.call.peer, event) } : state;
    case 'blocked': {
      if (state.call === undefined) return state;
      const { peer, callType } = state.call;
      return { ...state, call: undefined, notice: { kind: 'blocked', peer, callType, problems: event.problems } };
    }
    default:
      return state.call ? { ...state, call: inCall(state.call, event) } : state;
  }
}

type InCallEvent = Exclude<CallEvent, { type: 'call_begins' | 'placed' | 'call_over' | 'blocked' }>;

function inCall(call: Call, event: InCallEvent): Call {
  switch (event.type) {
    case 'phase':
      return isForward(call.phase, event.phase) ? { ...call, phase: event.phase } : call;
    case 'peer_away':
      return { ...call, isPeerAway: event.isAway };
    case 'peer_muted':
      return { ...call, isPeerMuted: event.isMuted };
    case 'mine':
      return { ...call, mine: { ...call.mine, ...event.change } };
    case 'theirs':
      return { ...call, theirs: event.theirs };
    case 'problems':
      return { ...call, problems: event.problems };
    case 'measured':
      return { ...call, quality: event.quality, seconds: event.seconds };
  }
}

const ORDER: readonly Phase[] = ['preparing', 'calling', 'ringing', 'connecting', 'connected'];

/** Media may flow before the server has said that the call was accepted. */
function isForward(from: Phase, to: Phase): boolean {
  if (from === 'lost') return to === 'connected';
  return to === 'lost' ? from === 'connected' : ORDER.indexOf(to) > ORDER.indexOf(from);
}

function newCall(role: Call['role'], peer: UserRef, callType: CallType): Call {
  return {
    role,
    peer,
    callType,
    phase: 'preparing',
    isPeerAway: false,
    isPeerMuted: false,
    mine: { microphone: 'on', camera: callType === 'video', screen: false },
    theirs: { camera: false, screen: false },
    problems: [],
    quality: {},
    seconds: 0,
  };
}

function ended(peer: UserRef, { end, isMine }: EndedHere): Online['notice'] {
  const words = endWords(end.reason, { peer: peer.username, isMine });
  return { kind: 'ended', peer, text: `Call ended: ${words}` };
}

function without(incoming: readonly Incoming[], id: string): readonly Incoming[] {
  return incoming.filter((call) => call.id !== id);
}
