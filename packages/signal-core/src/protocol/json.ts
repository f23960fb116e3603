import { z } from 'zod';
import type { Json } from '../domain/json.js';

export type { Json } from '../domain/json.js';

/** How deep what applications send each other may nest: re-encoding recurses. */
const MAX_DEPTH = 4;

/**
 * What an application sends along, opaque to the server: rebuilt, so that nothing received is ever relayed.
 *
 * @param maxLength - in characters of JSON
 */
export function jsonSchema(maxLength: number): z.ZodType<Json> {
  return z.unknown().transform((value, context): Json => {
    const copy = rebuilt(value, MAX_DEPTH);
    if (copy !== undefined && JSON.stringify(copy).length <= maxLength) return copy;
    const message = copy === undefined ? `must be JSON, at most ${MAX_DEPTH} deep` : `at most ${maxLength} characters`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** @returns `undefined` for what is no JSON, or nests too deep */
function rebuilt(value: unknown, depth: number): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || depth === 0) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => rebuilt(item, depth - 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const copy: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value)) {
    const own = rebuilt(member, depth - 1);
    if (own === undefined) return undefined;
    // an assignment to `__proto__` would set the prototype and lose the member
    Object.defineProperty(copy, key, { value: own, enumerable: true, writable: true, configurable: true });
  }
  return copy;
}
