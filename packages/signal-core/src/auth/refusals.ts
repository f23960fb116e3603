import { SignalingError } from '../protocol/errors.js';

// What is wrong with credentials is nobody's business: the same words for all of it.

export const unauthorized = () => new SignalingError('unauthorized', 'no valid credentials; log in again');

export const tokenExpired = () => new SignalingError('token_expired', 'the credentials have lapsed; get new ones');

export const unavailable = (retryAfterMs?: number) =>
  new SignalingError('unavailable', 'nobody could tell in time; try again', undefined, retryAfterMs);
