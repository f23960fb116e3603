import { deviceWords } from './device-words.js';
import type { Call, Incoming, Online, PageState } from './page-state.js';

/**
 * What the live region says.
 *
 * @see SPEC.md, rule PAGE-8
 */
export function statusText(state: PageState): string {
  if (state.at === 'login') return state.isBusy ? 'Logging in…' : '';
  if (!state.isLinked) return 'Reconnecting…';
  if (state.call) return callText(state.call);
  const { notice } = state;
  if (notice === undefined) return '';
  return notice.kind === 'ended' ? notice.text : notice.problems.map(deviceWords).join(' ');
}

function callText({ phase, peer: { username }, isPeerAway, problems }: Call): string {
  switch (phase) {
    case 'preparing':
      return 'Asking for camera and microphone…';
    case 'calling':
      return `Calling ${username}…`;
    case 'ringing':
      return `Ringing at ${username}…`;
    case 'connecting':
      return 'Connecting…';
    case 'lost':
      return `Reconnecting to ${username}…`;
    case 'connected':
      if (isPeerAway) return `${username} is reconnecting…`;
      return problems.length === 0 ? 'Connected' : `Connected. ${problems.map(deviceWords).join(' ')}`;
  }
}

/** The title of the tab, which tells of a call that rings behind others. */
export function titleText(state: PageState): string {
  if (state.at === 'login') return 'Signal';
  const [first] = ringing(state);
  if (first) return `${first.peer.username} is calling – Signal`;
  return state.call ? `Call with ${state.call.peer.username} – Signal` : 'Signal';
}

/** Calls that ring for a person: not the one of who is being called from here at the same moment, which answers itself. */
export function ringing({ incoming, call }: Online): readonly Incoming[] {
  const isPlacing = call?.role === 'caller' && (call.phase === 'preparing' || call.phase === 'calling');
  return isPlacing ? incoming.filter(({ peer }) => peer.id !== call.peer.id) : incoming;
}

/** @param seconds - whole ones @returns such as `2:05` or `1:00:00` */
export function durationText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
