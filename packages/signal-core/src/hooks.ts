import type { Clock } from './clock.js';
import type { CallType, User } from './domain/call.js';
import type { Json } from './domain/json.js';
import { inTime } from './in-time.js';
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
  /** The two are in this call already: a restart of the server has lost it, and they want it back. */
  isRestore?: true;
}

/** What a hook is told; the host may add to what it gets, which is its own. */
export function callRequest({ callId, from, to, callType, metadata, isRestore }: CallRequest): CallRequest {
  return {
    callId,
    from: { id: from.id, username: from.username },
    to: to.username === undefined ? { id: to.id } : { id: to.id, username: to.username },
    callType,
    ...(metadata !== undefined && { metadata: structuredClone(metadata) }),
    ...(isRestore && { isRestore }),
  };
}

/** Asks the host about a call. */
export type CallHook = (request: CallRequest) => boolean | Promise<boolean>;

/**
 * Says which scope (tenant, team) a user belongs to. The name is known when the user was ever seen.
 *
 * @see SPEC.md, rule PRES-11
 */
export type ScopeHook = (user: { id: string; username?: string }) => string;

/**
 * Whether a user may see another; it must answer at once. The names are known when the user was ever seen. Who asks over
 * REST without credentials is `{id: ''}`.
 *
 * @see SPEC.md, section SEE
 */
export type SeeHook = (viewer: { id: string; username?: string }, other: { id: string; username?: string }) => boolean;

/** How long a hook may take, in milliseconds: a caller watches "Calling…" meanwhile. */
const HOOK_TIMEOUT_MS = 2_000;

/** How often a failing `canSee` is logged, in milliseconds: one list asks it thousands of times. */
const SIGHT_LOG_MS = 10_000;

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
    return (await inTime(clock, HOOK_TIMEOUT_MS, () => hook(request))) === true;
  } catch (error) {
    log.error({ err: error, callId: request.callId }, 'a hook of the host failed');
    return undefined;
  }
}

/**
 * Asks the host for the scope of a user, and survives whatever it does.
 *
 * @returns `''` without a hook; `undefined` when it threw, or named no scope
 */
export function askScope(
  hook: ScopeHook | undefined,
  { id, username }: Parameters<ScopeHook>[0],
  log: Logger,
): string | undefined {
  if (hook === undefined) return '';
  try {
    const scope: unknown = hook(username === undefined ? { id } : { id, username });
    if (typeof scope === 'string') return scope;
    // a promise may reject as well
    Promise.resolve(scope).catch(() => {});
    throw new TypeError('scopeOf must return a string, at once');
  } catch (error) {
    log.error({ err: error, userId: id }, 'a hook of the host failed');
    return undefined;
  }
}

/**
 * The hook `canSee`, surviving whatever it does: everybody sees themselves, and nobody else whom the host cannot tell of.
 *
 * @returns `undefined` without a hook: then there is nobody to ask about
 * @see SPEC.md, rule SEE-1
 */
export function guardedSight(
  hook: SeeHook | undefined,
  { clock, log }: { clock: Clock; log: Logger },
): SeeHook | undefined {
  if (hook === undefined) return undefined;
  let quietUntil = 0;
  const copy = ({ id, username }: Parameters<SeeHook>[0]) => (username === undefined ? { id } : { id, username });
  return (viewer, other) => {
    if (viewer.id === other.id) return true;
    try {
      const seen: unknown = hook(copy(viewer), copy(other));
      if (typeof seen === 'boolean') return seen;
      // a promise may reject as well
      Promise.resolve(seen).catch(() => {});
      throw new TypeError('canSee must return true or false, at once');
    } catch (error) {
      if (clock.now() < quietUntil) return false;
      quietUntil = clock.now() + SIGHT_LOG_MS;
      log.error({ err: error, userId: viewer.id }, 'a hook of the host failed');
      return false;
    }
  };
}
