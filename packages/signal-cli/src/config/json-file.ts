import { readFileSync } from 'node:fs';
import { Failure } from '../failure.js';

/**
 * Reads a JSON object from a file.
 *
 * @returns `undefined` when the file is not there
 * @throws Failure `usage` when it cannot be read, or holds something else
 */
export function readJsonFile(path: string): Readonly<Record<string, unknown>> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = Object(error);
    if (code === 'ENOENT') return undefined;
    throw new Failure('usage', `${path}: cannot be read (${code})`, { cause: error });
  }
  const value = parse(path, text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Failure('usage', `${path}: must hold a JSON object`);
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('usage', `${path}: is no valid JSON`, { cause });
  }
}
