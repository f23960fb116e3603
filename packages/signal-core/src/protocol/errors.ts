import type { ErrorBody } from './refusals.js';

export type { ErrorBody } from './refusals.js';

/**
 * Every reason for which the server refuses something, once.
 *
 * | code | meaning | what to do |
 * |---|---|---|
 * | `invalid_payload` | the payload does not fit the event | fix the sender |
 * | `not_joined` | the event came without a `join` | send `join` first |
 * | `unauthorized` | no valid credentials | log in again |
 * | `token_expired` | the credentials have lapsed | refresh the token |
 * | `identity_mismatch` | the payload names somebody else | send your own id |
 * | `forbidden` | not allowed, also by a hook of the host | do not retry |
 * | `call_not_found` | no such call, or not yours | drop the call |
 * | `invalid_state` | the call is past that point | drop the command |
 * | `busy` | one of the two has no free line | try later |
 * | `user_offline` | nobody to ring | try later |
 * | `glare` | the callee is already calling you | accept that call |
 * | `rate_limited` | too fast, or too much kept waiting | wait `retryAfterMs`, or a second |
 * | `payload_too_large` | over the size limit | send less |
 * | `server_draining` | the server is going down | reconnect |
 * | `unavailable` | a dependency did not answer in time | retry |
 * | `internal` | a fault of the server | report it |
 */
export const ERROR_CODES = [
  'invalid_payload',
  'not_joined',
  'unauthorized',
  'token_expired',
  'identity_mismatch',
  'forbidden',
  'call_not_found',
  'invalid_state',
  'busy',
  'user_offline',
  'glare',
  'rate_limited',
  'payload_too_large',
  'server_draining',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** The answer to an acknowledged event. */
export type Ack<Result = object> = ({ ok: true } & Result) | { ok: false; error: ErrorBody };

/** A refusal of the closed list; its message holds no secret, SDP or token. */
export class SignalingError extends Error {
  readonly code: ErrorCode;
  readonly callId: string | undefined;
  /** Milliseconds to wait before trying again, when the server said so. */
  readonly retryAfterMs: number | undefined;

  /**
   * @param code - one of {@link ERROR_CODES}
   * @param message - what went wrong and what to do next
   * @param callId - the call that it is about, if any
   * @param retryAfterMs - milliseconds to wait before trying again, if that is known
   */
  constructor(code: ErrorCode, message: string, callId?: string, retryAfterMs?: number) {
    super(message);
    this.name = 'SignalingError';
    this.code = code;
    this.callId = callId;
    this.retryAfterMs = retryAfterMs;
  }

  toJSON(): ErrorBody {
    const body: ErrorBody = { code: this.code, message: this.message };
    if (this.callId !== undefined) body.callId = this.callId;
    if (this.retryAfterMs !== undefined) body.retryAfterMs = this.retryAfterMs;
    return body;
  }
}
