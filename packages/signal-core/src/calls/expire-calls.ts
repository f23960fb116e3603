import type { Cancel } from '../clock.js';
import { type AllCalls, inEveryScope } from './all-calls.js';
import { applyCommand } from './apply-command.js';

/** How often deadlines are looked at, in milliseconds: a ring timeout may come this much late. */
const TICK_MS = 250;
const CLAIM_LIMIT = 500;

/**
 * Carries out the deadlines of calls until it is cancelled; a tick that fails is tried again by the next, and of those
 * that fail in a row the log hears once.
 */
export function expireCalls(calls: AllCalls): Cancel {
  let running = false;
  let isFailing = false;
  return calls.clock.every(TICK_MS, async () => {
    if (running) return;
    running = true;
    try {
      await expireAll(calls);
      isFailing = false;
    } catch (error) {
      if (!isFailing) calls.log.error({ err: error }, 'deadlines could not be carried out');
      isFailing = true;
    } finally {
      running = false;
    }
  });
}

/** A scope that fails keeps none of the others waiting, or so many that the log is full of them. */
async function expireAll(calls: AllCalls): Promise<void> {
  const failures: unknown[] = [];
  await inEveryScope(calls.stores, (scope) => expireDue(calls, scope).catch((error) => failures.push(error)));
  if (failures.length > 0) throw failures[0];
}

async function expireDue(calls: AllCalls, scope: string): Promise<void> {
  const at = calls.clock.now();
  const failures: unknown[] = [];
  for (const id of await calls.stores.in(scope).calls.claimDue(at, CLAIM_LIMIT)) {
    // one that cannot be read keeps none of the others waiting
    await applyCommand(calls.in(scope), id, { type: 'expire', at }).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
