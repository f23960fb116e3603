import type { Key } from '../../screen/key.js';
import { callToAnswer } from '../calls/calls.js';
import type { Pressed } from '../pressed.js';
import type { Dashboard } from '../state.js';

/** `a` and `r`, while a call rings here. */
export function pressOnIncoming(state: Dashboard, key: Key): Pressed | undefined {
  const ringing = callToAnswer(state.calls);
  if (ringing === undefined || key.name !== 'text') return undefined;
  const { callId } = ringing;
  if (key.text === 'a') return { state, wish: { type: 'accept', callId } };
  return key.text === 'r' ? { state, wish: { type: 'reject', callId } } : undefined;
}
