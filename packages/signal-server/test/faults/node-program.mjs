// What the programs of these tests, each a server with a fault of its own, have in common.
import { createServer } from 'node:http';
import { createClient } from 'redis';
import { SignalingServer } from 'signal-core';
import { createRedisStores } from 'signal-core/redis';

/** Writes a line that the test reads. */
export const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

export async function openStores() {
  const client = createClient({ url: process.env.REDIS_URL });
  client.on('error', () => {});
  await client.connect();
  return createRedisStores({ client, keyPrefix: 'signal' });
}

/** Serves on a free port, and says where once it is ready. */
export function serve(stores) {
  const server = createServer();
  const signaling = new SignalingServer({ auth: 'open', limits: 'off' }, { stores });
  signaling.attach(server);
  server.listen(0, '127.0.0.1', () => {
    const waiting = setInterval(() => {
      if (signaling.readiness !== 'ready') return;
      clearInterval(waiting);
      say({ msg: 'listening', url: `http://127.0.0.1:${server.address().port}` });
    }, 20);
  });
}
