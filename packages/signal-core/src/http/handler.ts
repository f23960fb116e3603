import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Request, type Response, type Router } from 'express';

/** Serves a router to a host without Express, whose requests and responses lack what its handlers use. */
export function createHandler(
  router: Router,
): (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void {
  const app = express().disable('x-powered-by').use(router);
  // an Express application gives Node's objects the prototypes of its own before any handler sees them
  return (req, res, next) => (next === undefined ? app(req, res) : app(req as Request, res as Response, next));
}
