// A server that kills itself once the next commit about a call of a user is in Redis, before anybody is told: after SIGUSR2.
// Deadlines of other calls are carried out by any node.
import { createServer } from 'node:http';
import { createClient } from 'redis';
import { SignalingServer } from 'signal-core';
import { createRedisStores } from 'signal-core/redis';

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const [, , user] = process.argv;
const isOfUser = ({ call: { from, to } }) => from.id === user || to.id === user;

let isArmed = false;
process.on('SIGUSR2', () => {
  isArmed = true;
  say({ msg: 'armed' });
});

const client = createClient({ url: process.env.REDIS_URL });
client.on('error', () => {});
await client.connect();
const stores = createRedisStores({ client, keyPrefix: 'signal' });

const mortal = {
  ...stores,
  in(scope) {
    const { calls, restores } = stores.in(scope);
    const dying = new Proxy(calls, {
      get(target, name) {
        const method = target[name];
        if (typeof method !== 'function') return method;
        if (name !== 'commit') return method.bind(target);
        return async (commit) => {
          const isCommitted = await target.commit(commit);
          if (isArmed && isCommitted && commit.calls.some(isOfUser)) process.kill(process.pid, 'SIGKILL');
          return isCommitted;
        };
      },
    });
    return { calls: dying, restores };
  },
};

const server = createServer();
const signaling = new SignalingServer({ auth: 'open', limits: 'off' }, { stores: mortal });
signaling.attach(server);
server.listen(0, '127.0.0.1', () => {
  const waiting = setInterval(() => {
    if (signaling.readiness !== 'ready') return;
    clearInterval(waiting);
    say({ msg: 'listening', url: `http://127.0.0.1:${server.address().port}` });
  }, 20);
});
