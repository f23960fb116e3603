import cors from 'cors';
import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { SignalingError } from '../protocol/errors.js';
import { health } from './health.js';
import { httpError } from './http-error.js';
import { iceServers } from './ice-servers.js';
import { login } from './login.js';
import { metrics, timed } from './metrics.js';
import { requestLimit } from './request-limit.js';
import type { RestContext } from './rest-context.js';
import { onlineUsers, users } from './users.js';

/**
 * The REST routes, and nothing else: no header and no parser touches another route of the host.
 *
 * @see SPEC.md, section REST, and rules PRES-12, AUTH-7 to AUTH-10, LIMIT-12 and METRICS-1
 */
export function createRouter(context: RestContext): Router {
  const { options, authenticator, calls, security, metrics: measures } = context;
  const router = Router();
  const { origins } = options;
  const crossOrigin = cors({ origin: origins === '*' ? true : [...origins], credentials: true });
  const get = (path: string, ...handlers: RequestHandler[]) => router.get(path, timed(measures, path), ...handlers);
  const limit = requestLimit(context);

  if (authenticator.mode !== 'token') {
    router.all('/api/login', crossOrigin);
    router.post('/api/login', timed(measures, '/api/login'), ...login(context));
  }
  router.all(['/api/users', '/api/online-users', '/api/ice-servers', '/health'], crossOrigin);
  get('/api/users', limit, users(context));
  get('/api/online-users', limit, onlineUsers(context));
  get('/api/ice-servers', limit, iceServers(context));
  get('/health', health(context));
  if (measures.scrape !== undefined) get('/metrics', metrics(context, measures.scrape));

  // errors of the host's own routes never come through here
  router.use(((error, req, res, _next) => {
    const isRefusal = error instanceof SignalingError;
    if (!isRefusal) calls.log.error({ err: error, path: req.path }, 'a request could not be answered');
    const refusal = isRefusal ? error : new SignalingError('internal', 'the server could not answer this request');
    measures.refused(refusal.code);
    security.refused(req, refusal.code, req.path);
    // only logins are posted
    if (refusal.code === 'rate_limited' && req.method === 'POST') security.slowedDown(req);
    httpError(res, refusal);
  }) satisfies ErrorRequestHandler);
  return router;
}
