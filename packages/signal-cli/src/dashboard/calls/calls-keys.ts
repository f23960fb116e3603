import type { Key } from '../../screen/key.js';
import { ladderOf } from '../ladder/ladder.js';
import { moved } from '../moved.js';
import type { Pressed } from '../pressed.js';
import type { Dashboard } from '../state.js';

/** Enter shows the ladder of the chosen call. */
export function pressOnCalls(state: Dashboard, key: Key): Pressed {
  const { calls } = state;
  const cursor = moved(calls.cursor, key, calls.rows.length);
  if (cursor !== undefined) return { state: { ...state, calls: { ...calls, cursor } } };
  const row = calls.rows[calls.cursor];
  if (key.name !== 'enter' || row === undefined) return { state };
  return { state: { ...state, screen: 'ladder', ladder: ladderOf(row.callId) } };
}
