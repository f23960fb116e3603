import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { v4 as uuidv4 } from 'uuid';
import { SignalingError } from '../protocol/errors.js';
import { userIdOf, usernameSchema } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { RestContext } from './rest-context.js';

/**
 * `POST /api/login`: in `open` anybody is who they say, and the token is for show.
 *
 * @see SPEC.md, rules REST-1, REST-2 and REST-4
 */
export function login({ calls }: RestContext): [RequestHandler, ErrorRequestHandler, RequestHandler] {
  return [
    express.json({ limit: LIMITS.bodyBytes }),
    bodyErrors,
    async (req, res) => {
      const { username } = credentialsIn(req.body);
      const user = { id: userIdOf(username), username };
      await calls.stores.users.remember(user, calls.clock.now());
      res.json({ user: { ...user, isOnline: false }, token: uuidv4() });
    },
  ];
}

/** What the body parser refuses is a login without credentials, unless it is too large. */
const bodyErrors: ErrorRequestHandler = (error, _req, _res, next) => {
  if (!(error.status < 500)) return next(error);
  if (error.status === 413) return next(new SignalingError('payload_too_large', 'the body may have 16 KiB at most'));
  return next(credentialsRequired());
};

/** @throws SignalingError `invalid_payload` */
function credentialsIn(body: unknown): { username: string; password: string } {
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
