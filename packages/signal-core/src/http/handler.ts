import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Request, type Response, type Router } from 'express';
import { SignalingError } from '../protocol/errors.js';
import { httpError } from './http-error.js';

/** Serves a router to a host without Express, whose requests and responses lack what its handlers use. */
export function createHandler(
  router: Router,
): (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void {
  const app = express().disable('x-powered-by').use(router);
  const alone = express()
    .disable('x-powered-by')
    .use(router, (_req, res) => httpError(res, new SignalingError('invalid_payload', 'no such route'), 404));
  // an Express application gives Node's objects prototypes of its own; the host's next handler gets them back as they were
  return (req, res, next) => {
    if (next === undefined) return alone(req, res);
    const [ofReq, ofRes] = [Object.getPrototypeOf(req), Object.getPrototypeOf(res)];
    return app(req as Request, res as Response, (error?: unknown) => {
      Object.setPrototypeOf(req, ofReq);
      Object.setPrototypeOf(res, ofRes);
      next(error);
    });
  };
}
