import type { Response } from 'express';
import type { ErrorCode, SignalingError } from '../protocol/errors.js';
import type { HttpError } from '../protocol/refusals.js';

/** The status of each refusal; one that no route makes is a fault. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid_payload: 400,
  unauthorized: 401,
  token_expired: 401,
  identity_mismatch: 403,
  forbidden: 403,
  payload_too_large: 413,
  rate_limited: 429,
  server_draining: 503,
  unavailable: 503,
};

/** What a client waits when nobody knows how long, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * Every error over HTTP has this body.
 *
 * @see SPEC.md, rule REST-3
 */
export function httpError(res: Response, { code, message, retryAfterMs }: SignalingError, status = STATUS[code]): void {
  if (status === 401) res.set('WWW-Authenticate', 'Bearer');
  if (status === 429 || status === 503) {
    res.set('Retry-After', String(Math.ceil((retryAfterMs ?? RETRY_AFTER_MS) / 1_000)));
  }
  const body: HttpError = { error: message, code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  res.status(status ?? 500).json(body);
}
