import type { Key } from '../screen/key.js';
import { within } from '../screen/list-window.js';

const PAGE = 10;
const STEPS = { up: -1, down: 1, pageUp: -PAGE, pageDown: PAGE } as const;

/** Where the cursor of a list is after that key; undefined for a key that moves none. */
export function moved(cursor: number, key: Key, length: number): number | undefined {
  const by = stepOf(key);
  return by === undefined ? undefined : within(cursor + by, length);
}

/** The same where the list begins at its end. */
export function movedBack(back: number, key: Key, length: number): number | undefined {
  const by = stepOf(key);
  return by === undefined ? undefined : within(back - by, length);
}

function stepOf({ name }: Key): number | undefined {
  return name in STEPS ? STEPS[name as keyof typeof STEPS] : undefined;
}
