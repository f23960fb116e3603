import type { Dice } from './dice.ts';
import { KEYS, strangeValue } from './hostile-value.ts';

type Tree = { [key: string]: unknown };

/** One thing in a tree of values changed: another type, a lost, a doubled, a new or a renamed key, one level more. */
export function mutate(value: unknown, dice: Dice): unknown {
  if (typeof value !== 'object' || value === null || dice.chance(0.04)) return change(value, dice);
  const keys = Object.keys(value);
  if (keys.length === 0 || dice.chance(0.35)) return Array.isArray(value) ? bend([...value], dice) : twist(value, dice);
  const key = dice.pick(keys);
  // arrays by index and objects by key alike
  return replaced(value as Tree, key, mutate((value as Tree)[key], dice));
}

/** Something else in the place of a value, or the value a little changed. */
function change(value: unknown, dice: Dice): unknown {
  if (dice.chance(0.2)) return dice.pick([[value], { value }, [value, value], String(value)]);
  if (typeof value === 'number' && dice.chance(0.5)) return value + dice.pick([1, -1, 0.5, 2 ** 40, -(2 ** 40)]);
  if (typeof value === 'string' && dice.chance(0.6)) return spoil(value, dice);
  return strangeValue(dice);
}

/** A string with characters lost, doubled, changed or added. */
export function spoil(text: string, dice: Dice): string {
  const at = dice.int(text.length + 1);
  const put = dice.pick(['', '\0', '\n', '\ud800', 'é', '"', '\\', ' ', '\u001b[2J', '\u2028', text.slice(0, 400)]);
  return text.slice(0, at) + put + text.slice(at + dice.int(3));
}

function bend(list: unknown[], dice: Dice): unknown {
  const at = dice.int(list.length + 1);
  switch (dice.int(4)) {
    case 0:
      return { ...list };
    case 1:
      return list.toSpliced(at, 1);
    case 2:
      return list.toSpliced(at, 0, strangeValue(dice));
    default:
      return Array.from({ length: dice.pick([65, 201, 1_001]) }, () => list[0] ?? null);
  }
}

function twist(tree: object, dice: Dice): unknown {
  const keys = Object.keys(tree);
  const own: Tree = { ...tree };
  const key = keys.length === 0 ? 'x' : dice.pick(keys);
  switch (dice.int(5)) {
    case 0:
      return Object.values(own);
    case 1:
      return Object.fromEntries(Object.entries(own).filter(([each]) => each !== key));
    case 2:
      return replaced(own, key, strangeValue(dice));
    case 3:
      return replaced(own, dice.pick(KEYS), strangeValue(dice));
    default:
      return replaced(own, spoil(key, dice), own[key]);
  }
}

/** A copy with one member replaced; an assignment to `__proto__` would be none. */
function replaced<T extends object>(tree: T, key: string, value: unknown): T {
  const copy = (Array.isArray(tree) ? [...tree] : { ...tree }) as T;
  Object.defineProperty(copy, key, { value, enumerable: true, writable: true, configurable: true });
  return copy;
}
