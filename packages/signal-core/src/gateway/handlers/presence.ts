import type { JoinedHandler } from './handler.js';

/**
 * Brings a device up to date on who is online.
 *
 * @see SPEC.md, rule PRES-9
 */
export const presenceSync: JoinedHandler<'presence_sync'> = {
  needs: 'session',
  handle({ context, connection, payload, reply }) {
    const answer = context.watchers.sync(connection, payload.since);
    if (reply.isAcknowledged) return answer;
    if ('users' in answer) connection.send('presence_state', answer);
    else connection.send('presence_changed', answer);
    return {};
  },
};

/**
 * Narrows what a device hears of presence to chosen users.
 *
 * @see SPEC.md, rule PRES-10
 */
export const presenceSubscribe: JoinedHandler<'presence_subscribe'> = {
  needs: 'session',
  handle({ context, connection, payload, reply }) {
    const users = context.watchers.subscribe(connection, payload.ids);
    if (!reply.isAcknowledged) connection.send('presence_changed', { joined: users, left: [] });
    return { users };
  },
};
