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

/** Whether others than its owner may read a file. */
export function isReadableByOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o044) !== 0;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${reasonOf(error)})`, { cause: error });
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // the parser quotes what it found, which may be part of a secret
    const reason = reasonOf(error).replace(/, (\.\.\.)?".*"(\.\.\.)?/s, '');
    throw new UsageError(`${path}: is no valid JSON (${reason})`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [reason = ''] = ('code' in error ? String(error.code) : error.message).split('\n');
  return reason;
}
