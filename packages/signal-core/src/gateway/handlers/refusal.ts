import type { Refusal } from '../../domain/command.js';
import { SignalingError } from '../../protocol/errors.js';

const MESSAGES: Record<Refusal | 'unavailable' | 'server_draining', string> = {
  call_not_found: 'no such call',
  invalid_state: 'the call is not at that point, or is on another device',
  forbidden: 'this call is not allowed',
  glare: 'this user is already calling you: accept that call',
  busy: 'one of the two is in another call',
  user_offline: 'the user is offline',
  unavailable: 'the server could not decide in time; try again',
  server_draining: 'the server is going down; reconnect',
  rate_limited: 'too much at a time; wait',
};

export function refusal(code: keyof typeof MESSAGES, callId?: string, retryAfterMs?: number): SignalingError {
  return new SignalingError(code, MESSAGES[code], callId, retryAfterMs);
}
