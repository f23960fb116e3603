import { fit, padEnd } from '../../format/text-width.js';
import type { Line, Room } from '../../screen/line.js';
import { callToAnswer, type Dashboard } from '../state.js';

const WIDEST = 60;

/** A box with the call that rings, and how long it will. */
export function incomingLines(state: Dashboard, { columns }: Room): Line[] {
  const call = callToAnswer(state);
  if (call === undefined) return [];
  const seconds =
    call.ringsUntil === undefined ? '' : ` · ${Math.max(0, Math.ceil((call.ringsUntil - state.now) / 1000))} s left`;
  const inner = Math.min(columns, WIDEST) - 4;
  const row = (text: string): Line => ({ text: `│ ${padEnd(fit(text, inner), inner)} │`, look: 'good' });
  const edge = '─'.repeat(inner + 2);
  return [
    { text: `╭${edge}╮`, look: 'good' },
    row(`${call.peer.username} calls: ${call.callType}${seconds}`),
    row('a accept   r reject'),
    { text: `╰${edge}╯`, look: 'good' },
  ];
}
