import type { JoinedHandler } from './handler.js';

/**
 * Shows new credentials before the old ones lapse.
 *
 * @see SPEC.md, rule AUTH-11
 */
export const authRefresh: JoinedHandler<'auth_refresh'> = {
  needs: 'session',
  handle: () => ({}),
};
