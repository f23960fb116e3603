import type { Request, RequestHandler } from 'express';
import type { Identity } from '../auth/identity.js';
import type { User } from '../domain/call.js';
import { askScope } from '../hooks.js';
import { SignalingError } from '../protocol/errors.js';
import type { KnownUser } from '../protocol/server-events.js';
import type { RestContext } from './rest-context.js';
import { whoAsks } from './who-asks.js';

/**
 * `GET /api/users`: everybody who was ever seen in the scope of who asks.
 *
 * @see SPEC.md, rules REST-5, PRES-12 and AUTH-9
 */
export function users(context: RestContext): RequestHandler {
  const { calls, roster } = context;
  const { hooks, log } = calls;
  return async (req, res) => {
    const scope = scopeFor(context, req, await whoAsks(context, req, res));
    const online = roster.in(scope);
    const isListed = (user: User) =>
      online.has(user.id) || (!roster.has(user.id) && askScope(hooks.scopeOf, user, log) === scope);
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
 * @see SPEC.md, rules REST-6, PRES-12 and AUTH-9
 */
export function onlineUsers(context: RestContext): RequestHandler {
  return async (req, res) => {
    const identity = await whoAsks(context, req, res);
    const online = context.roster.in(scopeFor(context, req, identity)).list();
    res.json(
      identity === undefined
        ? online
        : online.map(({ socketId, ...user }) => (user.id === identity.id ? { ...user, socketId } : user)),
    );
  };
}

/** @throws SignalingError `unavailable` when the host cannot tell */
function scopeFor({ calls, scopeOf }: RestContext, req: Request, identity: Identity | undefined): string {
  const { hooks, log } = calls;
  if (identity === undefined) return hooks.scopeOf === undefined ? '' : (scopeOf?.(req) ?? '');
  const scope = identity.scope ?? askScope(hooks.scopeOf, identity, log);
  if (scope === undefined) throw new SignalingError('unavailable', 'this user could not be placed; try again');
  return scope;
}
