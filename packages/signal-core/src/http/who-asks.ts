import type { Request, Response } from 'express';
import type { Identity } from '../auth/identity.js';
import { isLocal } from '../client-address.js';
import { SignalingError } from '../protocol/errors.js';
import type { RestContext } from './rest-context.js';

/**
 * Who sends a request.
 *
 * @returns `undefined` in `open`, where nobody has to say
 * @throws SignalingError `unauthorized`, `token_expired`, or `unavailable`
 * @see SPEC.md, rules AUTH-2 and AUTH-9
 */
export async function whoAsks(
  { authenticator }: RestContext,
  req: Request,
  res: Response,
): Promise<Identity | undefined> {
  if (authenticator.mode === 'open') return undefined;
  // the answer is for nobody else
  res.set('Cache-Control', 'no-store');
  const token = bearerOf(req);
  const identity = token === undefined ? await authenticator.identify(req) : await authenticator.verify(token);
  if (identity === undefined) {
    throw new SignalingError('unauthorized', 'log in, and show the token as Authorization: Bearer');
  }
  return identity;
}

/**
 * Lets in who may see more of the server than that it runs: whoever is known, and this machine.
 *
 * @throws SignalingError as {@link whoAsks}
 * @see SPEC.md, rule AUTH-10
 */
export async function letInside(context: RestContext, req: Request, res: Response): Promise<void> {
  if (!isLocal(context.readAddress(req))) await whoAsks(context, req, res);
}

/** The token that a request shows (RFC 6750, section 2.1). */
export function bearerOf({ headers }: Request): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}
