import type { CallEnd } from 'signal-core/client';

/** Every reason that a call of this page can end with. */
export type Reason = CallEnd['reason'];

interface Parties {
  /** The name of the other end. */
  peer: string;
  /** Whether it was ended here. */
  isMine: boolean;
}

const WORDS: Readonly<Record<Reason, (parties: Parties) => string>> = {
  hangup: ({ peer, isMine }) => (isMine ? 'you hung up' : `${peer} hung up`),
  cancelled: ({ peer, isMine }) => (isMine ? 'you cancelled' : `${peer} cancelled`),
  declined: ({ peer, isMine }) => (isMine ? 'you declined' : `${peer} declined`),
  busy: () => 'the line is busy',
  no_answer: () => 'nobody answered',
  answered_elsewhere: () => 'answered on another device',
  rejected_elsewhere: () => 'declined on another device',
  replaced: () => 'it went on with another call',
  glare: ({ peer }) => `${peer} called at the same moment`,
  peer_disconnected: ({ peer }) => `${peer} lost the connection`,
  removed: () => 'one of you was removed',
  max_duration: () => 'it reached the longest time that is allowed',
  server_shutdown: () => 'the server was shut down',
  closed: () => 'this page went offline',
  user_offline: ({ peer }) => `${peer} is not online`,
  forbidden: () => 'this call is not allowed',
  rate_limited: () => 'too many calls; wait a moment',
  call_not_found: () => 'it is over already',
  invalid_state: () => 'it is over already',
  unavailable: () => 'the server does not answer',
  server_draining: () => 'the server is restarting; call again',
  unauthorized: () => 'log in again',
  token_expired: () => 'log in again',
  not_joined: () => 'log in again',
  identity_mismatch: () => 'log in again',
  invalid_payload: () => 'the browsers do not understand each other',
  payload_too_large: () => 'the browser sent too much at once',
  internal: () => 'something failed',
};

/**
 * Why a call ended, for a person.
 *
 * @see SPEC.md, rule PAGE-6
 */
export function endWords(reason: Reason, parties: Parties): string {
  // a newer server may know more reasons
  return WORDS[Object.hasOwn(WORDS, reason) ? reason : 'internal'](parties);
}
