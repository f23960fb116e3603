import { cleanText } from '../../format/clean-text.js';
import { fit, padEnd } from '../../format/text-width.js';
import type { Line, Room } from '../../screen/line.js';
import { callToAnswer } from '../calls/calls.js';
import { type Dashboard, typingFilter } from '../state.js';

const WIDEST = 60;

/** A box with the call that rings, and how long it will; nothing when none does. */
export function incomingLines(state: Dashboard, { columns }: Room): Line[] {
  const call = callToAnswer(state.calls);
  if (call === undefined) return [];
  const seconds =
    call.ringsUntil === undefined ? '' : ` · ${Math.max(0, Math.round((call.ringsUntil - state.now) / 1000))} s left`;
  const width = Math.min(columns, WIDEST);
  const margin = ' '.repeat(Math.floor((columns - width) / 2));
  const edge = '─'.repeat(Math.max(0, width - 2));
  const row = (text: string) => `│ ${padEnd(fit(cleanText(text), width - 4), width - 4)} │`;
  const keys = 'a accept   r reject';
  return [
    `╭${edge}╮`,
    row(`${call.peer.username} calls: ${call.callType}${seconds}`),
    // what is typed now is the filter's
    row(typingFilter(state) ? `Enter, then ${keys}` : keys),
    `╰${edge}╯`,
  ].map((text) => ({ text: margin + text, look: 'good' }));
}
