import { readFileSync, statSync } from 'node:fs';
import { UsageError } from './usage-error.js';

/**
 * Reads a JSON config file.
 *
 * @throws UsageError when it cannot be read or does not hold a JSON object
 */
export function readConfigFile(path: string): { path: string; values: Readonly<Record<string, unknown>> } {
  const values = parse(path, read(path));
  if (!isObject(values)) throw new UsageError(`${path}: must hold a JSON object, such as {"port": 3001}`);
  return { path, values };
}

/** Whether others than its owner may read a file; not so when it is not there. */
export function isReadableByOthers(path: string): boolean {
  if (process.platform === 'win32') return false;
  try {
    return (statSync(path).mode & 0o044) !== 0;
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${Object(error).code})`, { cause: error });
  }
}

function parse(path: string, text: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new UsageError(`${path}: is no valid JSON${placeOf(error, json)}`);
  }
}

/** Where the parser stopped, if it says so. What it found there may be part of a secret: its words are not repeated. */
function placeOf(error: unknown, json: string): string {
  const [, position] = /^[^"]* in JSON at position (\d+)/.exec(String(Object(error).message)) ?? [];
  if (position === undefined) return '';
  const lines = json.slice(0, Number(position)).split('\n');
  return ` (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
