import { iceServersFor } from '../../auth/ice-servers.js';
import type { JoinedHandler } from './handler.js';

/**
 * Gives new credentials for the TURN server.
 *
 * @see SPEC.md, rule TURN-3
 */
export const iceServers: JoinedHandler<'ice_servers'> = {
  needs: 'session',
  handle: ({ context: { options, clock } }, { user }) => iceServersFor(options, user.id, clock.now()),
};
