import type { Key } from '../../screen/key.js';
import { moved } from '../moved.js';
import type { Pressed } from '../pressed.js';
import type { Dashboard } from '../state.js';
import { figureLines } from './figures.js';

/** Arrows scroll. */
export function pressOnServer(state: Dashboard, key: Key): Pressed {
  const top = moved(state.figures.top, key, figureLines(state.figures));
  return top === undefined ? { state } : { state: { ...state, figures: { ...state.figures, top } } };
}
