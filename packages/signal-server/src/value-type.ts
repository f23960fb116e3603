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
    expects: `one of ${words.join(', ')}`,
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

export const filePath = textLike(/^[^\0]+$/, 'the path of a file');

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

/** A duration of whole seconds within bounds, both included; in JSON as everywhere in milliseconds. */
export function wholeSeconds(min: number, max: number): ValueType<number> {
  const inBounds = (ms: number | undefined): number | undefined =>
    ms !== undefined && ms % 1000 === 0 && ms >= min * 1000 && ms <= max * 1000 ? ms : undefined;
  return {
    expects: `whole seconds from ${min}s to ${max / 3600}h (in the config file: milliseconds)`,
    fromText: (text) => inBounds(duration.fromText(text)),
    fromJson: (value) => inBounds(duration.fromJson(value)),
  };
}

/** On or off; a flag without a value is on. */
export const yesOrNo: ValueType<boolean> = {
  expects: 'true or false',
  fromText: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  fromJson: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** What others send in a header to be let in. Its value is shown nowhere. */
export const bearerToken = textLike(
  /^\S{16,}$/,
  'at least 16 characters, none of them a space; openssl rand -base64 32 makes one',
);

/** A secret, of so many bytes at least. Its value is shown nowhere. */
export function secretText(minBytes: number): ValueType<string> {
  const find = (value: unknown): string | undefined =>
    typeof value === 'string' && Buffer.byteLength(value) >= minBytes ? value : undefined;
  return {
    expects: minBytes > 1 ? `at least ${minBytes} bytes; openssl rand -base64 32 makes one` : 'text that is not empty',
    fromText: find,
    fromJson: find,
  };
}
