import type { Key } from '../screen/key.js';

/** A filter that may be typed. */
export interface Filter {
  text: string;
  isTyping: boolean;
}

export const NO_FILTER: Filter = { text: '', isTyping: false };

/** The filter after a key, while it is typed. */
export function typed(filter: Filter, key: Key): Filter {
  switch (key.name) {
    case 'text':
      return { ...filter, text: filter.text + key.text };
    case 'backspace':
      return { ...filter, text: [...filter.text].slice(0, -1).join('') };
    case 'escape':
      return NO_FILTER;
    case 'enter':
      return { ...filter, isTyping: false };
    default:
      return filter;
  }
}

/** Whether a text fits, in small letters or capital ones. */
export function fits({ text }: Filter, ...found: string[]): boolean {
  return found.join(' ').toLowerCase().includes(text.toLowerCase());
}

/** `/bob▏` while it is typed. */
export function filterText({ text, isTyping }: Filter): string {
  if (isTyping) return `  /${text}▏`;
  return text === '' ? '' : `  /${text}  (Esc: all)`;
}
