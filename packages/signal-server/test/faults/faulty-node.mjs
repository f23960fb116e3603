// A server whose messages to other nodes are lost, come twice, or are overtaken: 5 % of them each.
import { createServer } from 'node:http';
import { createClient } from 'redis';
import { SignalingServer } from 'signal-core';
import { createRedisStores } from 'signal-core/redis';

const SHARE = 0.05;
const LATE_MS = 20;

const client = createClient({ url: process.env.REDIS_URL });
client.on('error', () => {});
await client.connect();
const stores = createRedisStores({ client, keyPrefix: 'signal' });

const { bus } = stores.nodes;
const counts = { sent: 0, lost: 0, twice: 0, late: 0 };
const isOne = () => Math.random() < SHARE;

const faulty = {
  listen: (self, listener) => bus.listen(self, listener),
  send(to, message) {
    counts.sent += 1;
    if (isOne()) {
      counts.lost += 1;
      return;
    }
    if (isOne()) {
      counts.twice += 1;
      bus.send(to, message);
    }
    if (isOne()) {
      counts.late += 1;
      setTimeout(() => bus.send(to, message), LATE_MS);
    } else bus.send(to, message);
  },
};

const server = createServer();
const options = { auth: 'open', limits: 'off' };
const signaling = new SignalingServer(options, { stores: { ...stores, nodes: { ...stores.nodes, bus: faulty } } });
signaling.attach(server);

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
process.on('SIGUSR2', () => say({ msg: 'counted', ...counts }));
server.listen(0, '127.0.0.1', () => {
  const waiting = setInterval(() => {
    if (signaling.readiness !== 'ready') return;
    clearInterval(waiting);
    say({ msg: 'listening', url: `http://127.0.0.1:${server.address().port}` });
  }, 20);
});
