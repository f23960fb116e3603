import type { Call } from './call.js';
import type { Refusal } from './command.js';
import type { Effect } from './effect.js';

/** The outcome of a command on one call. No effects and the same call: nothing was to be done. */
export type Decision = { ok: true; call: Call; effects: Effect[] } | { ok: false; code: Refusal };

export function refuse(code: Refusal): Decision {
  return { ok: false, code };
}

/** The command was heard before: its first result stands. */
export function unchanged(call: Call): Decision {
  return { ok: true, call, effects: [] };
}
