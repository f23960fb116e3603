import { parseDuration } from '../format/duration.js';
import { parseRate } from '../format/rate.js';
import type { Span, Stage } from './plan.js';

/**
 * Reads `30s` (that long), `exp:30s` (so long on average, by chance) and `uniform:30s` (up to that).
 *
 * @returns undefined when it is none of these
 */
export function parseSpan(text: string): Span | undefined {
  const match = /^(?:(exp|uniform|fixed):)?([^:]+)$/.exec(text);
  const ms = parseDuration(match?.[2] ?? '');
  if (match === null || ms === undefined) return undefined;
  // the pattern admits these kinds only
  return { kind: (match[1] ?? 'fixed') as Span['kind'], ms };
}

/**
 * Reads `0:10/s,1m:200/s`: when, and how many calls a second from then on.
 *
 * @returns undefined when it is no list of stages, each after the one before
 */
export function parseStages(text: string): Stage[] | undefined {
  const stages = text.split(',').map((stage) => {
    const [at = '', rate = '', ...rest] = stage.split(':');
    const atMs = at === '0' ? 0 : parseDuration(at);
    const perSecond = parseRate(rate);
    return atMs === undefined || perSecond === undefined || rest.length > 0 ? undefined : { atMs, perSecond };
  });
  const known = stages.filter((stage) => stage !== undefined);
  const isOrdered = known.every(({ atMs }, at) => at === 0 || atMs > (known[at - 1]?.atMs ?? 0));
  return known.length === stages.length && isOrdered ? known : undefined;
}
