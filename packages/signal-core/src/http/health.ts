import type { Request, RequestHandler, Response } from 'express';
import { countLiveCalls } from '../calls/all-calls.js';
import { isLocal } from '../client-address.js';
import type { Health } from '../protocol/rest.js';
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
    const life = { status: 'OK' as const, timestamp: new Date(calls.clock.now()).toISOString() };
    if (!(await isInside(context, req, res))) return void res.json(life satisfies Health);
    res.json({
      ...life,
      uptime: process.uptime(),
      memory: process.memoryUsage(),
      activeUsers: roster.size,
      // a process that runs is not to be restarted because a store is away
      activeCalls: await countLiveCalls(calls.stores).catch(() => null),
    } satisfies Health);
  };
}

/** A health check must not fail, or take long, because who is who cannot be told: who shows nothing is not asked about. */
async function isInside(context: RestContext, req: Request, res: Response): Promise<boolean> {
  const { authorization, cookie } = req.headers;
  const isNobody = authorization === undefined && cookie === undefined && !isLocal(context.readAddress(req));
  if (context.authenticator.mode !== 'open' && isNobody) return false;
  return letInside(context, req, res).then(
    () => true,
    () => false,
  );
}
