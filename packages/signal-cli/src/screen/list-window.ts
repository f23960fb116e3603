/** Keeps a cursor within a list. */
export function within(cursor: number, length: number): number {
  return Math.max(0, Math.min(cursor, length - 1));
}

/**
 * Which part of a list is shown: as many as fit, the cursor among them, in the middle where there is room.
 *
 * @returns the first one, and the one after the last
 */
export function listWindow(length: number, cursor: number, rows: number): [number, number] {
  const first = Math.max(0, Math.min(cursor - Math.floor(rows / 2), length - rows));
  return [first, Math.min(length, first + Math.max(0, rows))];
}
