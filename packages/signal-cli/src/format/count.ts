const FACTOR = { '': 1, k: 1000, m: 1_000_000 } as const;

/**
 * Reads `12`, `10k`, `1m`.
 *
 * @returns the number, or undefined when it is not a whole number from `lowest` to `highest`
 */
export function parseCount(text: string, lowest: number, highest: number): number | undefined {
  const match = /^(\d{1,9})([km]?)$/.exec(text);
  if (!match) return undefined;
  // The pattern admits these factors only.
  const count = Number(match[1]) * FACTOR[match[2] as keyof typeof FACTOR];
  return count >= lowest && count <= highest ? count : undefined;
}

/** `1 call`, `3 calls`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
