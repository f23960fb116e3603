import type { Clock } from './clock.js';
import type { CallType, User } from './domain/call.js';
import type { Json } from './domain/json.js';
import type { Logger } from './log.js';

/** What a hook is told of a call that somebody wants to place. */
export interface CallRequest {
  callId: string;
  from: User;
  /** The callee's id; the name is known when the user was ever seen. */
  to: { id: string; username?: string };
  callType: CallType;
  /** What the application of the caller sent along. */
  metadata?: Json;
}

/** Asks the host about a call. */
export type CallHook = (request: CallRequest) => boolean | Promise<boolean>;

/** How long a hook may take, in milliseconds: a caller watches "Calling…" meanwhile. */
const HOOK_TIMEOUT_MS = 2_000;

/**
 * Asks a hook of the host and survives whatever it does.
 *
 * @returns the hook's answer, or `undefined` when it threw or was too slow
 */
export async function ask(
  hook: CallHook,
  request: CallRequest,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<boolean | undefined> {
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const cancel = clock.after(HOOK_TIMEOUT_MS, () => reject(new Error(`no answer in ${HOOK_TIMEOUT_MS} ms`)));
      Promise.resolve()
        .then(() => hook(request))
        .then((allowed) => resolve(allowed === true), reject)
        .finally(cancel);
    });
  } catch (error) {
    log.error({ err: error, callId: request.callId }, 'a hook of the host failed');
    return undefined;
  }
}
