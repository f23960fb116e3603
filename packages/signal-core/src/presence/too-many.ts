import { SignalingError } from '../protocol/errors.js';

/** When a user who has too many connections may try another, in milliseconds: one may have gone. */
const RETRY_AFTER_MS = 5_000;

/** What a user is refused with who has as many connections as there may be. */
export function tooMany(): SignalingError {
  const message = 'too many connections of this user; close one';
  return new SignalingError('rate_limited', message, undefined, RETRY_AFTER_MS);
}
