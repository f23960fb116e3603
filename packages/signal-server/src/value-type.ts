/** How one kind of setting is read. `undefined` means: not a value of this type. */
export interface ValueType<T> {
  /** Completes "must be …". */
  expects: string;
  /** Reads a flag or an environment variable. */
  fromText(text: string): T | undefined;
  /** Reads a value of the JSON config file. */
  fromJson(value: unknown): T | undefined;
}

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number): ValueType<number> {
  const inBounds = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
  return {
    expects: `a whole number from ${min} to ${max}`,
    fromText: (text) => (/^\d+$/.test(text) ? inBounds(Number(text)) : undefined),
    fromJson: inBounds,
  };
}

/** One of a closed list of words. */
export function oneOf<const T extends string>(...words: T[]): ValueType<T> {
  const find = (value: unknown): T | undefined => words.find((word) => word === value);
  return {
    expects: words.length === 1 ? `${words[0]}, the only choice so far` : `one of ${words.join(', ')}`,
    fromText: find,
    fromJson: find,
  };
}

/** Text of one form. */
export function textLike(form: RegExp, expects: string): ValueType<string> {
  const find = (value: unknown): string | undefined =>
    typeof value === 'string' && form.test(value) ? value : undefined;
  return { expects, fromText: find, fromJson: find };
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The longest time that Node's timers can wait for, in milliseconds. */
const milliseconds = wholeNumber(1, 2 ** 31 - 1);

/** A duration: text says its unit (a bare 5 would be 5 ms to some and 5 s to others), JSON is in milliseconds. */
export const duration: ValueType<number> = {
  expects: 'a duration with its unit, such as 45s or 1500ms (in the config file: milliseconds), at most 24 days',
  fromText(value) {
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value) ?? [];
    const factor = MS_PER_UNIT[unit];
    return factor === undefined ? undefined : milliseconds.fromJson(Math.round(Number(amount) * factor));
  },
  fromJson: milliseconds.fromJson,
};

/** Web origins, or `*` for any. */
export const origins: ValueType<readonly string[] | '*'> = {
  expects: 'origins such as http://localhost:5173 (no path, no slash at the end; a comma between two), or *',
  fromText: (value) => origins.fromJson(value === '*' ? value : value.split(',').map((entry) => entry.trim())),
  fromJson(value) {
    if (value === '*') return value;
    const list = typeof value === 'string' ? [value] : value;
    return Array.isArray(list) && list.every(isOrigin) ? list : undefined;
  },
};

function isOrigin(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}
