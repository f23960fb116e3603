import type { Key } from '../../screen/key.js';
import { moved } from '../moved.js';
import type { Pressed } from '../pressed.js';
import type { Dashboard } from '../state.js';
import { ladderEntries } from './ladder.js';

/** Enter opens and closes the body of the chosen event. */
export function pressOnLadder(state: Dashboard, key: Key): Pressed {
  const { ladder, log } = state;
  const cursor = moved(ladder.cursor, key, ladderEntries(ladder, log).length);
  if (cursor !== undefined) return { state: { ...state, ladder: { ...ladder, cursor } } };
  if (key.name === 'enter') return { state: { ...state, ladder: { ...ladder, isOpen: !ladder.isOpen } } };
  if (key.name === 'escape') return { state: { ...state, ladder: { ...ladder, isOpen: false } } };
  return { state };
}
