import type { ClientEvent, ClientPayload, ClientResults } from '../protocol/client-events.js';
import { SignalingError } from '../protocol/errors.js';
import { type Link, signalingError } from './link.js';

/**
 * A request to the server, for whoever waits for the answer.
 *
 * @throws SignalingError the refusal, or `unavailable` without a connection
 */
export function ask<E extends ClientEvent>(
  link: Link | undefined,
  event: E,
  payload: ClientPayload<E>,
): Promise<ClientResults[E]> {
  return new Promise((resolve, reject) => {
    const lost = () => reject(new SignalingError('unavailable', 'there is no connection'));
    if (link === undefined) return lost();
    link.request(event, payload, (answer) => {
      if (answer === undefined) lost();
      else if (answer.ok) resolve(answer);
      else reject(signalingError(answer.error));
    });
  });
}
