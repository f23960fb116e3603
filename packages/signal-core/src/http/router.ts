import type { IncomingMessage } from 'node:http';
import cors from 'cors';
import express, { type ErrorRequestHandler, Router } from 'express';
import { v4 as uuidv4 } from 'uuid';
import type { CallContext } from '../calls/call-context.js';
import type { User } from '../domain/call.js';
import { askScope } from '../hooks.js';
import type { Origins } from '../options.js';
import type { Roster } from '../presence/roster.js';
import { userIdOf, usernameSchema } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { KnownUser } from '../protocol/server-events.js';
import { httpError } from './http-error.js';

/** What a host may say of its REST routes. */
export interface RouterOptions {
  /**
   * Which scope a request may see, by what the host knows of its sender: a session, a token. Asked only with the
   * option `scopeOf` of the server.
   *
   * @default the scope `''`
   */
  scopeOf?: (request: IncomingMessage) => string;
}

interface RestContext extends RouterOptions {
  calls: CallContext;
  roster: Roster;
  origins: Origins;
}

/**
 * The REST routes, and nothing else: no header and no parser touches another route of the host.
 *
 * @see SPEC.md, section REST, and rule PRES-12
 */
export function createRouter({ calls, roster, origins, scopeOf = () => '' }: RestContext): Router {
  const router = Router();
  const { hooks, log } = calls;
  const scopeIn = (request: IncomingMessage) => (hooks.scopeOf === undefined ? '' : scopeOf(request));
  const crossOrigin = cors({ origin: origins === '*' ? true : [...origins], credentials: true });
  router.all(['/api/login', '/api/users', '/api/online-users', '/health'], crossOrigin);

  router.post('/api/login', express.json({ limit: LIMITS.bodyBytes }), bodyErrors);
  router.post('/api/login', async (req, res) => {
    const { username, password } = Object(req.body);
    if (!isText(username) || !isText(password)) {
      return httpError(res, 400, 'invalid_payload', 'Username and password required');
    }
    const name = usernameSchema.safeParse(username);
    if (!name.success) {
      return httpError(res, 400, 'invalid_payload', `username: ${name.error.issues[0]?.message}`);
    }
    const user = { id: userIdOf(name.data), username: name.data };
    await calls.stores.users.remember(user, calls.clock.now());
    res.json({ user: { ...user, isOnline: false }, token: uuidv4() });
  });

  router.get('/api/users', async (req, res) => {
    const scope = scopeIn(req);
    const online = roster.in(scope);
    const isListed = (user: User) =>
      online.has(user.id) || (!roster.has(user.id) && askScope(hooks.scopeOf, user, log) === scope);
    const users = await calls.stores.users.list();
    res.json(
      users.filter(isListed).map(
        ({ id, username, lastSeen }): KnownUser => ({
          id,
          username,
          isOnline: online.has(id),
          lastSeen: new Date(lastSeen).toISOString(),
        }),
      ),
    );
  });

  router.get('/api/online-users', (req, res) => {
    res.json(roster.in(scopeIn(req)).list());
  });

  router.get('/health', async (_req, res) => {
    res.json({
      status: 'OK',
      timestamp: new Date(calls.clock.now()).toISOString(),
      uptime: process.uptime(),
      memory: process.memoryUsage(),
      activeUsers: roster.size,
      activeCalls: await calls.stores.calls.countLive(),
    });
  });

  // errors of the host's own routes never come through here
  router.use(((error, req, res, _next) => {
    calls.log.error({ err: error, path: req.path }, 'a request could not be answered');
    httpError(res, 500, 'internal', 'the server could not answer this request');
  }) satisfies ErrorRequestHandler);
  return router;
}

/** What the body parser refuses is a login without credentials, unless it is too large. */
const bodyErrors: ErrorRequestHandler = (error, _req, res, next) => {
  if (!(error.status < 500)) return next(error);
  if (error.status === 413) return httpError(res, 413, 'payload_too_large', 'the body may have 16 KiB at most');
  return httpError(res, 400, 'invalid_payload', 'Username and password required');
};

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
