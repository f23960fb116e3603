import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { v4 as uuidv4 } from 'uuid';
import type { Authenticator, PasswordLogin } from '../auth/authenticator.js';
import { SignalingError } from '../protocol/errors.js';
import { userIdOf, usernameSchema } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { Credentials, LoginSuccess } from '../protocol/rest.js';
import type { RestContext } from './rest-context.js';

/**
 * `POST /api/login`: in `open` anybody is who they say, and the token is for show; in `passwords` it is what counts.
 *
 * @see SPEC.md, rules REST-1, REST-2, REST-4, AUTH-7 and LIMIT-6
 */
export function login({
  authenticator,
  calls,
  readAddress,
  security,
  logins,
}: RestContext): [RequestHandler, ErrorRequestHandler, RequestHandler] {
  return [
    express.json({ limit: LIMITS.bodyBytes }),
    bodyErrors,
    async (req, res) => {
      const credentials = credentialsIn(req.body);
      const { address } = readAddress(req);
      if (authenticator.mode !== 'open') res.set('Cache-Control', 'no-store');
      const found = await logins.attempt({ address, username: credentials.username }, () =>
        check(authenticator, credentials),
      );
      if (found === undefined) throw new SignalingError('unauthorized', 'wrong username or password');
      const { user, scope, token } = found;
      security.loggedIn(req, user.id);
      await calls.stores.users.remember(scope === undefined ? user : { ...user, scope }, calls.clock.now());
      res.json({ user: { ...user, isOnline: false }, token } satisfies LoginSuccess);
    },
  ];
}

/** @returns `undefined` for nobody */
async function check(authenticator: Authenticator, { username, password }: Credentials): ReturnType<PasswordLogin> {
  if (authenticator.mode === 'open') return { user: { id: userIdOf(username), username }, token: uuidv4() };
  return authenticator.login?.(username, password);
}

/** What the body parser refuses is a login without credentials, unless it is too large. */
const bodyErrors: ErrorRequestHandler = (error, _req, _res, next) => {
  if (!(error.status < 500)) return next(error);
  if (error.status === 413) return next(new SignalingError('payload_too_large', 'the body may have 16 KiB at most'));
  return next(credentialsRequired());
};

/** @throws SignalingError `invalid_payload` */
function credentialsIn(body: unknown): Credentials {
  const { username, password } = Object(body);
  if (!isText(username) || !isText(password)) throw credentialsRequired();
  const name = usernameSchema.safeParse(username);
  if (!name.success) throw new SignalingError('invalid_payload', `username: ${name.error.issues[0]?.message}`);
  return { username: name.data, password };
}

function credentialsRequired(): SignalingError {
  return new SignalingError('invalid_payload', 'Username and password required');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
