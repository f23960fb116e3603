import cors from 'cors';
import { type ErrorRequestHandler, Router } from 'express';
import { SignalingError } from '../protocol/errors.js';
import { health } from './health.js';
import { httpError } from './http-error.js';
import { iceServers } from './ice-servers.js';
import { login } from './login.js';
import type { RestContext } from './rest-context.js';
import { onlineUsers, users } from './users.js';

/**
 * The REST routes, and nothing else: no header and no parser touches another route of the host.
 *
 * @see SPEC.md, section REST, and rules PRES-12 and AUTH-7 to AUTH-10
 */
export function createRouter(context: RestContext): Router {
  const { options, authenticator, calls } = context;
  const router = Router();
  const { origins } = options;
  const crossOrigin = cors({ origin: origins === '*' ? true : [...origins], credentials: true });

  if (authenticator.mode !== 'token') {
    router.all('/api/login', crossOrigin);
    router.post('/api/login', ...login(context));
  }
  router.all(['/api/users', '/api/online-users', '/api/ice-servers', '/health'], crossOrigin);
  router.get('/api/users', users(context));
  router.get('/api/online-users', onlineUsers(context));
  router.get('/api/ice-servers', iceServers(context));
  router.get('/health', health(context));

  // errors of the host's own routes never come through here
  router.use(((error, req, res, _next) => {
    if (error instanceof SignalingError) return httpError(res, error);
    calls.log.error({ err: error, path: req.path }, 'a request could not be answered');
    httpError(res, new SignalingError('internal', 'the server could not answer this request'));
  }) satisfies ErrorRequestHandler);
  return router;
}
