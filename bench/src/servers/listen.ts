import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on the loopback interface, on a free port unless told. */
export async function listen(server: Server, port = 0): Promise<Server> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
