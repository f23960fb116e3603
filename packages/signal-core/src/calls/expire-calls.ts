import type { Cancel } from '../clock.js';
import { type AllCalls, inScopes } from './all-calls.js';
import { applyCommand } from './apply-command.js';

/** How often deadlines are looked at, in milliseconds: a ring timeout may come this much late. */
const TICK_MS = 250;
const CLAIM_LIMIT = 500;

/** How often a node asks whether to look at all scopes, in milliseconds, and for how long it is the only one then. */
const ASK_MS = 1_000;
const TURN_MS = 3_000;

/** How one of several nodes finds out where it is to look. */
export interface Lookout {
  /** Where calls of this node have reached their deadline, as far as it knows. */
  dueScopes(at: number): Iterable<string>;
  /** Whether this node is to look everywhere, as none of the others does for so many milliseconds. */
  takeTurn(ms: number): Promise<boolean>;
}

/**
 * Carries out the deadlines of calls until it is cancelled. Each of several nodes looks after its own calls; what a dead
 * one left, or nobody heard of, is found by whoever looks at everything, in 4 s as a rule.
 *
 * @see SPEC.md, rule NODE-15
 */
export function expireCalls(calls: AllCalls, lookout?: Lookout): Cancel {
  if (lookout === undefined) return expireIn(calls, TICK_MS, () => calls.stores.scopes());
  const own = expireIn(calls, TICK_MS, async () => [...lookout.dueScopes(calls.clock.now())]);
  const all = expireIn(calls, ASK_MS, async () => ((await lookout.takeTurn(TURN_MS)) ? calls.stores.scopes() : []));
  return () => {
    own();
    all();
  };
}

/** A tick that fails is tried again by the next, and of those that fail in a row the log hears once. */
function expireIn(calls: AllCalls, everyMs: number, scopesOf: () => Promise<string[]>): Cancel {
  let running = false;
  let isFailing = false;
  return calls.clock.every(everyMs, async () => {
    if (running) return;
    running = true;
    try {
      await expireAll(calls, await scopesOf());
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
async function expireAll(calls: AllCalls, scopes: readonly string[]): Promise<void> {
  const failures: unknown[] = [];
  await inScopes(scopes, (scope) => expireDue(calls, scope).catch((error) => failures.push(error)));
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
