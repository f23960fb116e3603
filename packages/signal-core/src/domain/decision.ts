import type { Call } from './call.js';
import type { Refusal } from './command.js';
import type { Effect } from './effect.js';

/** The outcome of a command on one call. The same call: nothing is to be committed. */
export type Decision = { ok: true; call: Call; effects: Effect[] } | { ok: false; code: Refusal };

export function refuse(code: Refusal): Decision {
  return { ok: false, code };
}

/** The command was heard before: its first result stands. */
export function unchanged(call: Call): Decision {
  return { ok: true, call, effects: [] };
}
