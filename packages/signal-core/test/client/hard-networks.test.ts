import { connect, createServer } from 'node:net';
import { SignalingClient } from 'signal-core/client';
import { expect, it, onTestFinished } from 'vitest';
import { browserGlobals } from './browser-globals.ts';
import { stillTalking, talk } from './call-steps.ts';
import { all, next, reaches } from './heard.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { type Guest, guestsOf, stage } from './stage.ts';

const joins = ({ wire }: Guest) =>
  wire.filter(({ direction, event }) => direction === 'sent' && event === 'join').length;

/** Waits until the client has said `join` so often. */
async function joinsAgain(guest: Guest, times: number): Promise<void> {
  while (joins(guest) < times) await new Promise((resolve) => setImmediate(resolve));
}

it('[CLIENT-18] an attempt that was given up and arrives late does not take the place of this client for good', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice', { connectTimeoutMs: 400 }), await join('bob')];
  const ends = await talk(alice, bob);
  const [states, closed] = [all(alice.client, 'state'), all(alice.client, 'closed')];
  alice.proxy.delayMs = 20;
  alice.proxy.cut();
  await joinsAgain(alice, 2);
  // this connection stalls, the next one does not
  alice.proxy.delayMs = 1000;
  const wait = setTimeout(() => {
    alice.proxy.delayMs = 0;
  }, 30);
  onTestFinished(() => clearTimeout(wait));
  await reaches(alice.client, 'joined');
  await reaches(alice.client, 'reconnecting');
  await reaches(alice.client, 'joined');
  await stillTalking(ends);
  expect(states.flat()).toEqual(['reconnecting', 'joined', 'reconnecting', 'joined']);
  expect(closed).toEqual([]);
});

it('[CLIENT-14] [CLIENT-18] a network that changed while there was no connection is told once there is one', async () => {
  const page = browserGlobals();
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed } = await talk(alice, bob);
  const changes = all(placed, 'networkChange');
  alice.proxy.goDown();
  page.dispatch('offline');
  await reaches(alice.client, 'reconnecting');
  alice.proxy.comeUp();
  page.dispatch('online');
  expect(changes).toEqual([]);
  await reaches(alice.client, 'joined');
  await alice.client.ping();
  expect(changes).toEqual([[]]);
});

it('[CLIENT-19] a server that lets in and drops at once is not asked without end', async () => {
  const url = await scriptedServer({
    onJoin(socket, answer) {
      answer(JOINED);
      setImmediate(() => socket.conn.close());
    },
  });
  const alice = await guestsOf(url).join('alice', { random: () => 0 });
  const { client } = alice;
  client.call('bob', { offer: { type: 'offer', sdp: 'v=0' }, callType: 'audio' }).catch(() => {});
  const start = performance.now();
  await joinsAgain(alice, 6);
  // at once, and then 0.1 s apart at least
  expect(performance.now() - start).toBeGreaterThan(390);
});

it('[CLIENT-22] with a token function a lapsed token is renewed on return; with a string it is the end', async () => {
  let attempts = 0;
  const admit = () => {
    attempts += 1;
    if (attempts === 2) throw Object.assign(new Error('log in again'), { data: { code: 'token_expired' } });
    if (attempts === 3) throw Object.assign(new Error('who?'), { data: { code: 'unauthorized' } });
  };
  const { join } = guestsOf(await scriptedServer({ admit }));
  const options = { random: () => 0 };
  const alice = await join('alice', { ...options, token: () => 'fresh' });
  alice.proxy.cut();
  await reaches(alice.client, 'reconnecting');
  await reaches(alice.client, 'joined');
  expect(attempts).toBe(4);
  attempts = 0;
  const bob = await join('bob', { ...options, token: 'stale' });
  const closed = next(bob.client, 'closed');
  bob.proxy.cut();
  expect(await closed).toEqual(['refused', expect.objectContaining({ code: 'token_expired' })]);
});

it('[CLIENT-22] a refusal that names no code is `unavailable`, and tried again on return', async () => {
  let attempts = 0;
  const admit = () => {
    attempts += 1;
    if (attempts === 2) throw new Error('the database is away');
  };
  const { join } = guestsOf(await scriptedServer({ admit }));
  const alice = await join('alice', { random: () => 0 });
  alice.proxy.cut();
  await reaches(alice.client, 'reconnecting');
  await reaches(alice.client, 'joined');
  expect(attempts).toBe(3);
});

it('[CLIENT-25] where WebSocket upgrades are swallowed, the attempt after the one that timed out polls', async () => {
  const { url } = await stage();
  const { port, hostname } = new URL(url);
  const proxy = createServer((client) => {
    client.on('error', () => {});
    client.once('data', (chunk) => {
      if (/upgrade: websocket/i.test(chunk.toString())) return;
      const server = connect({ port: Number(port), host: hostname });
      server.on('error', () => client.destroy());
      server.write(chunk);
      client.pipe(server);
      server.pipe(client);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  const user = { id: 'a', username: 'alice' };
  const client = new SignalingClient({ url: `http://127.0.0.1:${address.port}`, user, connectTimeoutMs: 500 });
  onTestFinished(async () => {
    await client.close();
    proxy.close();
  });
  await expect(client.connect()).rejects.toMatchObject({ code: 'unavailable' });
  await client.connect();
  expect(client.state).toBe('joined');
});

it('[CLIENT-26] whoever hears `joined` finds presence and calls as they are', async () => {
  const { join, guest } = await stage();
  await join('bob');
  const alice = await guest('alice');
  const sizes: number[] = [];
  alice.client.on('state', (state) => {
    if (state === 'joined') sizes.push(alice.client.presence.users.size);
  });
  await alice.client.connect();
  expect(sizes).toEqual([2]);
});
