/**
 * Reads `5%` or `0.05`.
 *
 * @returns a share from 0 to 1, or undefined when it is none
 */
export function parseShare(text: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d+)?)(%?)$/.exec(text);
  if (!match) return undefined;
  const share = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}
