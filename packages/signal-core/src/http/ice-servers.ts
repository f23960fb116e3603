import type { RequestHandler } from 'express';
import { iceServersFor } from '../auth/ice-servers.js';
import type { RestContext } from './rest-context.js';
import { whoAsks } from './who-asks.js';

/** For whom credentials are made where nobody says who asks. */
const ANYBODY = 'guest';

/**
 * `GET /api/ice-servers`: the STUN and TURN servers, with credentials of the user's own.
 *
 * @see SPEC.md, rules TURN-1 and AUTH-9
 */
export function iceServers(context: RestContext): RequestHandler {
  const { options, clock } = context;
  return async (req, res) => {
    const identity = await whoAsks(context, req, res);
    res.set('Cache-Control', 'no-store');
    res.json(iceServersFor(options, identity?.id ?? ANYBODY, clock.now()));
  };
}
