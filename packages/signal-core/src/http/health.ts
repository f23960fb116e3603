import type { RequestHandler } from 'express';
import type { RestContext } from './rest-context.js';
import { letInside } from './who-asks.js';

/**
 * `GET /health`: that the server runs, and how it is to whoever may know.
 *
 * @see SPEC.md, rules REST-7 and AUTH-10
 */
export function health(context: RestContext): RequestHandler {
  const { calls, roster } = context;
  return async (req, res) => {
    const life = { status: 'OK', timestamp: new Date(calls.clock.now()).toISOString() };
    // a health check must not fail because who is who cannot be told
    const isInside = await letInside(context, req, res).then(
      () => true,
      () => false,
    );
    if (!isInside) return void res.json(life);
    res.json({
      ...life,
      uptime: process.uptime(),
      memory: process.memoryUsage(),
      activeUsers: roster.size,
      activeCalls: await calls.stores.calls.countLive(),
    });
  };
}
