import { InvalidArgumentError } from 'commander';
import { parseCount } from './format/count.js';
import { parseDuration } from './format/duration.js';

/**
 * Reads the value of a flag for commander.
 *
 * @param expects - completes "It …."
 */
export function reader<T>(read: (text: string) => T | undefined, expects: string): (text: string) => T {
  return (text) => {
    const value = read(text);
    if (value === undefined) throw new InvalidArgumentError(`It ${expects}.`);
    return value;
  };
}

export const duration = reader(parseDuration, 'should look like 500ms, 30s, 5m or 1h');

/** A whole number within bounds, both included. */
export function count(lowest: number, highest: number): (text: string) => number {
  return reader((text) => parseCount(text, lowest, highest), `should be a number from ${lowest} to ${highest}`);
}
