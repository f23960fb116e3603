import { eventPacket } from '../wire.js';
import type { JoinedHandler } from './handler.js';

/** A change of more users than this costs what a list does. */
const LONG_CHANGE = 100;

/**
 * Brings a device up to date on who is online. A list costs more than other events.
 *
 * @see SPEC.md, rules PRES-9 and LIMIT-2
 */
export const presenceSync: JoinedHandler<'presence_sync'> = {
  needs: 'session',
  handle({ context, connection, payload, reply }) {
    const now = context.clock.now();
    const answer = context.watchers.sync(connection, payload.since);
    if ('joined' in answer) {
      if (answer.joined.length + answer.left.length > LONG_CHANGE) connection.allowance.chargeList(now);
      if (reply.isAcknowledged) return answer;
      connection.send('presence_changed', answer);
      return {};
    }
    connection.allowance.chargeList(now);
    const { users, ...point } = answer;
    const json = `${JSON.stringify(point).slice(0, -'}'.length)},"users":${users}}`;
    if (!reply.isAcknowledged) connection.write(eventPacket('presence_state', json));
    reply.okEncoded(json);
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
