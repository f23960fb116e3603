import type { OpenHandler } from './handler.js';

/** The clients' health check. */
export const ping: OpenHandler<'ping'> = {
  needs: 'nothing',
  handle({ connection, reply }) {
    connection.write('2["pong"]');
    reply.ok();
  },
};
