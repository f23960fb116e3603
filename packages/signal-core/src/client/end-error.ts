import { ERROR_CODES, SignalingError } from '../protocol/errors.js';

/** What waits for a call that ended meanwhile is rejected with this. */
export function endError(reason: string, callId?: string): SignalingError {
  const code = ERROR_CODES.find((name) => name === reason) ?? 'invalid_state';
  return new SignalingError(code, `the call ended: ${reason}`, callId);
}
