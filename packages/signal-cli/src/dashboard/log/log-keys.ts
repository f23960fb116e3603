import type { Key } from '../../screen/key.js';
import { NO_FILTER } from '../filter.js';
import { movedBack } from '../moved.js';
import type { Pressed } from '../pressed.js';
import type { Dashboard } from '../state.js';
import { visibleEntries } from './log.js';

/** Up is back in time; Escape follows again, all of it. */
export function pressOnLog(state: Dashboard, key: Key): Pressed {
  const { log } = state;
  if (key.name === 'escape') return { state: { ...state, log: { ...log, filter: NO_FILTER, back: 0 } } };
  const back = movedBack(log.back, key, visibleEntries(log).length);
  return back === undefined ? { state } : { state: { ...state, log: { ...log, back } } };
}
