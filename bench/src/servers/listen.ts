import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on a free port of the loopback interface. */
export async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
