import { type DeviceKey, userOf } from '../domain/ids.js';
import { isOnline, type Session } from '../domain/session.js';
import { askScope, type CallRequest } from '../hooks.js';
import type { CallContext } from './call-context.js';

/** A user, as somebody in a scope finds them. */
export interface Found {
  /** Nobody out of the scope is told from somebody who does not exist. */
  isInScope: boolean;
  /** The user's devices that are online in the scope, lost ones within their presence grace included. */
  sessions: Session[];
}

/**
 * Looks for a user in a scope: by the devices that are online, and by the word of the host when none is.
 *
 * @param at - epoch milliseconds
 * @returns `undefined` when the host cannot tell
 * @see SPEC.md, rule PRES-11
 */
export async function findInScope(
  context: CallContext,
  user: CallRequest['to'],
  { scope, at }: { scope: string; at: number },
): Promise<Found | undefined> {
  const all = await context.stores.presence.sessionsOf(user.id);
  const online = all.filter((session) => isOnline(session, at, context.presenceGraceMs));
  const sessions = online.filter((session) => session.scope === scope);
  if (online.length > 0) return { isInScope: sessions.length > 0, sessions };
  const own = askScope(context.hooks.scopeOf, user, context.log);
  return own === undefined ? undefined : { isInScope: own === scope, sessions };
}

/** Whether two devices may hear of each other: a user's devices may have come under different scopes. */
export async function areInOneScope(context: CallContext, one: DeviceKey, other: DeviceKey): Promise<boolean> {
  if (context.hooks.scopeOf === undefined) return true;
  const scopeOf = async (device: DeviceKey) =>
    (await context.stores.presence.sessionsOf(userOf(device))).find((session) => session.device === device)?.scope;
  return (await scopeOf(one)) === (await scopeOf(other));
}
