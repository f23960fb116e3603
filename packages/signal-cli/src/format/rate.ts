const PER_MS = { s: 1, m: 60 } as const;
const MOST = 100_000;

/**
 * Reads `50/s`, `0.5/s`, `300/m`.
 *
 * @returns how many a second, or undefined when it is not a rate of at most 100,000 a second
 */
export function parseRate(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d+)?)\/(s|m)$/.exec(text);
  if (!match) return undefined;
  // the pattern admits these units only
  const perSecond = Number(match[1]) / PER_MS[match[2] as keyof typeof PER_MS];
  return perSecond <= MOST ? perSecond : undefined;
}
