import type { PlaceCommand } from '../domain/command.js';
import { type DeviceKey, type UserId, userOf } from '../domain/ids.js';
import { isOnline, type Session } from '../domain/session.js';
import { askScope } from '../hooks.js';
import type { CallContext } from './call-context.js';

/** A user as far as is known; one that was never seen has an id only. */
export interface KnownUser {
  id: UserId;
  username?: string;
  /** As credentials once said it: it counts over what the host says. */
  scope?: string;
}

/** A user, as a caller finds them. */
export interface Found {
  /** Nobody out of the caller's scope or sight is told from somebody who does not exist. */
  isInScope: boolean;
  /** The user's devices that are online in the scope, lost ones within their presence grace included. */
  sessions: Session[];
}

/**
 * Looks for a callee: by the devices that are online in the caller's scope, and, when none is, by the scope that is
 * known of the user, or that the host names.
 *
 * @returns `undefined` when the host cannot tell
 * @see SPEC.md, rules PRES-11, SEE-2 and AUTH-14
 */
export async function findInScope(
  context: CallContext,
  user: KnownUser,
  { from, scope, at }: Pick<PlaceCommand, 'from' | 'scope' | 'at'>,
): Promise<Found | undefined> {
  const { stores, hooks, presenceGraceMs } = context;
  const all = await stores.presence.sessionsOf(user.id);
  const online = all.filter((session) => isOnline(session, at, presenceGraceMs));
  const sessions = online.filter((session) => session.scope === scope);
  const username = online.at(-1)?.user.username ?? user.username;
  const isSeen = hooks.canSee?.(from, username === undefined ? { id: user.id } : { id: user.id, username }) ?? true;
  if (isSeen && sessions.length > 0) return { isInScope: true, sessions };
  const isNobody = !isSeen || online.length > 0;
  const own = scopeOfOffline(context, isNobody ? { id: user.id } : user);
  return own === undefined ? undefined : { isInScope: !isNobody && own === scope, sessions: [] };
}

/**
 * The scope of a user who is offline.
 *
 * @returns `undefined` when the host cannot tell
 * @see SPEC.md, rules PRES-11 and AUTH-14
 */
export function scopeOfOffline(
  { hooks, log }: Pick<CallContext, 'hooks' | 'log'>,
  { id, username, scope }: KnownUser,
): string | undefined {
  return scope ?? askScope(hooks.scopeOf, username === undefined ? { id } : { id, username }, log);
}

/** Whether two devices may hear of each other: a user's devices may have come under different scopes. */
export async function areInOneScope(context: CallContext, one: DeviceKey, other: DeviceKey): Promise<boolean> {
  const scopeOf = async (device: DeviceKey) =>
    (await context.stores.presence.sessionsOf(userOf(device))).find((session) => session.device === device)?.scope;
  return (await scopeOf(one)) === (await scopeOf(other));
}
