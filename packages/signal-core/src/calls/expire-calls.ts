import type { Cancel } from '../clock.js';
import { applyCommand } from './apply-command.js';
import type { CallContext } from './call-context.js';

/** How often deadlines are looked at, in milliseconds: a ring timeout may come this much late. */
const TICK_MS = 250;
const CLAIM_LIMIT = 500;

/** Carries out the deadlines of calls until it is cancelled; a tick that fails is tried again by the next. */
export function expireCalls(context: CallContext): Cancel {
  let running = false;
  return context.clock.every(TICK_MS, async () => {
    if (running) return;
    running = true;
    try {
      await expireDue(context);
    } catch (error) {
      context.log.error({ err: error }, 'deadlines could not be carried out');
    } finally {
      running = false;
    }
  });
}

async function expireDue(context: CallContext): Promise<void> {
  const at = context.clock.now();
  for (const id of await context.stores.calls.claimDue(at, CLAIM_LIMIT)) {
    await applyCommand(context, id, { type: 'expire', at });
  }
}
