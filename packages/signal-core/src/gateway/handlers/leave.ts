import type { JoinedHandler } from './handler.js';

/** Takes the device offline at once; the connection may join again. */
export const leave: JoinedHandler<'leave'> = {
  needs: 'session',
  async handle({ context, connection }, session) {
    connection.speakForNobody();
    context.watchers.unwatch(connection);
    await context.sessions.leave(session);
    return {};
  },
};
