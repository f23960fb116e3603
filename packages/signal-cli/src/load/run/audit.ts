import { setTimeout as delay } from 'node:timers/promises';
import type { Audit } from '../result.js';
import { readServers, type ServerReading } from './server-reading.js';

const EVERY_MS = 100;

/** Looks at the server until these figures are back where they were before the run, or the time is up. */
export async function readAfter(
  urls: readonly string[],
  before: ServerReading,
  figures: readonly (keyof ServerReading)[],
  patienceMs: number,
): Promise<ServerReading> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const after = await readServers(urls);
    if (figures.every((figure) => isBack(before[figure], after[figure])) || performance.now() >= until) return after;
    await delay(EVERY_MS);
  }
}

/**
 * What is left over on the server, and at the users.
 *
 * @param orphans - calls that one side of it still believes in
 * @see SPEC.md, rule LOAD-9
 */
export function auditOf(orphans: Audit['orphans'], before: ServerReading, after: ServerReading): Audit {
  return {
    orphans: [...orphans, ...leftOver(before, after, orphans.length)],
    activeCalls: pairOf(before.activeCalls, after.activeCalls),
    onlineUsers: pairOf(before.onlineUsers, after.onlineUsers),
    serverRssMiB: pairOf(before.rssMiB, after.rssMiB),
  };
}

/** The server counts its calls, and does not say which ones. */
function leftOver(before: ServerReading, after: ServerReading, known: number): Audit['orphans'] {
  const more = (after.activeCalls ?? 0) - (before.activeCalls ?? 0) - known;
  const unknown = {
    callId: 'unknown',
    caller: 'unknown',
    callee: 'unknown',
    why: 'the server still counts it as live',
  };
  return Array.from({ length: Math.max(0, more) }, () => unknown);
}

function isBack(before: number | null, after: number | null): boolean {
  return before === null || after === null || after <= before;
}

function pairOf(before: number | null, after: number | null): Audit['activeCalls'] {
  return before === null || after === null ? null : { before, after };
}
