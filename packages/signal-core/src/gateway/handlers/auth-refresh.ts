import { showToken } from '../authenticate.js';
import type { JoinedHandler } from './handler.js';

/**
 * Shows new credentials before the old ones lapse.
 *
 * @see SPEC.md, rule AUTH-11
 */
export const authRefresh: JoinedHandler<'auth_refresh'> = {
  needs: 'session',
  async handle({ context, connection, payload: { token } }) {
    const identity = await showToken(context, connection, token);
    return identity?.expiresAt === undefined ? {} : { expiresAt: identity.expiresAt };
  },
};
