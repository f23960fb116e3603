import type { Key as InkKey } from 'ink';

const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['pageUp', 'pageUp'],
  ['pageDown', 'pageDown'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  // what most terminals send for the key Backspace
  ['delete', 'backspace'],
  ['tab', 'tab'],
] as const;

/** What was pressed: a key by its name, or text, which may be a paste of several characters. */
export type Key = { name: (typeof NAMED)[number][1] } | { name: 'text'; text: string };

/** @returns undefined for what means nothing here, such as Ctrl and a letter */
export function keyOf(input: string, ink: Partial<InkKey>): Key | undefined {
  const named = NAMED.find(([name]) => ink[name] === true);
  if (named !== undefined) return { name: named[1] };
  if (ink.ctrl === true || ink.meta === true) return undefined;
  // pressed twice before it was read once
  if (/^[\r\n]+$/.test(input)) return { name: 'enter' };
  // a paste comes as one chunk, newlines included
  const text = input.replace(/\p{Cc}/gu, '');
  return text === '' ? undefined : { name: 'text', text };
}
