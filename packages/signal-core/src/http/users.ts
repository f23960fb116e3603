import type { Request, RequestHandler } from 'express';
import type { Identity } from '../auth/identity.js';
import { scopeOfOffline } from '../calls/scope.js';
import { askScope } from '../hooks.js';
import type { Sees } from '../presence/sight.js';
import { SignalingError } from '../protocol/errors.js';
import type { ListedUser } from '../protocol/rest.js';
import type { KnownUser } from '../protocol/users.js';
import type { DirectoryEntry } from '../stores/user-directory.js';
import type { RestContext } from './rest-context.js';
import { whoAsks } from './who-asks.js';

/**
 * `GET /api/users`: everybody who was ever seen in the scope of who asks, and may be seen.
 *
 * @see SPEC.md, rules REST-5, PRES-12, AUTH-9, AUTH-14 and SEE-1
 */
export function users(context: RestContext): RequestHandler {
  const { calls, roster } = context;
  return async (req, res) => {
    const identity = await whoAsks(context, req, res);
    const scope = scopeFor(context, req, identity);
    const online = roster.in(scope);
    const sees = sightOf(context, identity);
    const isListed = (user: DirectoryEntry) =>
      (online.has(user.id) || (!roster.has(user.id) && scopeOfOffline(calls, user) === scope)) &&
      (sees?.(user) ?? true);
    const known = await calls.stores.users.list();
    res.json(
      known.filter(isListed).map(
        ({ id, username, lastSeen }): KnownUser => ({
          id,
          username,
          isOnline: online.has(id),
          lastSeen: new Date(lastSeen).toISOString(),
        }),
      ),
    );
  };
}

/**
 * `GET /api/online-users`: who is online in the scope of who asks. Where credentials count, connections of others are
 * nobody's business.
 *
 * @see SPEC.md, rules REST-6, PRES-12, AUTH-9 and SEE-1
 */
export function onlineUsers(context: RestContext): RequestHandler {
  return async (req, res) => {
    const identity = await whoAsks(context, req, res);
    const online = context.roster.in(scopeFor(context, req, identity)).list(sightOf(context, identity));
    const listed: ListedUser[] =
      identity === undefined
        ? online
        : online.map(({ socketId, ...user }) => (user.id === identity.id ? { ...user, socketId } : user));
    res.json(listed);
  };
}

/** Who shows no credentials, as in `open` mode, is nobody in particular, and sees whom such a one may. */
function sightOf({ calls }: RestContext, viewer: { id: string; username?: string } = { id: '' }): Sees | undefined {
  const { canSee } = calls.hooks;
  return canSee && ((other) => canSee(viewer, other));
}

/** @throws SignalingError `unavailable` when the host cannot tell */
function scopeFor({ calls, scopeOf }: RestContext, req: Request, identity: Identity | undefined): string {
  const { hooks, log } = calls;
  if (identity === undefined) return hooks.scopeOf === undefined ? '' : (scopeOf?.(req) ?? '');
  const scope = identity.scope ?? askScope(hooks.scopeOf, identity, log);
  if (scope === undefined) throw new SignalingError('unavailable', 'this user could not be placed; try again');
  return scope;
}
