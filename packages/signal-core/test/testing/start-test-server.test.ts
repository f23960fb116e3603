import { createMemoryStores } from 'signal-core';
import { FakeClock, ScriptedClient, startTestServer, type TestServerOptions } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { callTo, ring, talk } from '../e2e/call-steps.ts';

async function serve(options: TestServerOptions = {}) {
  const server = await startTestServer(options);
  onTestFinished(() => server.close());
  const join = async (name: string) => {
    const client = new ScriptedClient({ url: server.url, transport: 'websocket', name });
    onTestFinished(() => client.close());
    await client.connect();
    await client.join({ id: name, username: name });
    return client;
  };
  return { ...server, join };
}

test('[TEST-1] it listens on loopback, open to everybody, with the REST routes', async () => {
  const { url, join, signaling } = await serve();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const [alice, bob] = [await join('alice'), await join('bob')];
  const callId = await talk(alice, bob);
  expect(await signaling.activeCalls()).toMatchObject([{ id: callId, status: 'active' }]);
  const users = await (await fetch(`${url}/api/online-users`)).json();
  expect(users).toMatchObject([{ id: 'alice' }, { id: 'bob' }]);
});

test('[TEST-1] options and a host of one’s own go in', async () => {
  const { url, join } = await serve({
    ringTimeoutMs: 20_000,
    host: () => (_, response) => void response.end('hello'),
  });
  expect(await (await fetch(`${url}/anything`)).text()).toBe('hello');
  const alice = await join('alice');
  expect(await alice.ask('join', alice.user)).toMatchObject({ ok: true, ringTimeoutMs: 20_000 });
});

test('[TEST-1] close ends every connection, leaves no timer and no port, and may be called again', async () => {
  const clock = new FakeClock();
  const { url, join, close } = await serve({ clock });
  const [alice, bob] = [await join('alice'), await join('bob')];
  await ring(alice, bob);
  await bob.drop();
  await close();
  await alice.next('disconnect');
  expect(clock.pending).toBe(0);
  await expect(fetch(`${url}/health`)).rejects.toThrow();
  await close();
});

test('[TEST-2] on a fake clock nothing times out until told', async () => {
  const clock = new FakeClock();
  const { join } = await serve({ clock, ringTimeoutMs: 100 });
  const [alice, bob] = [await join('alice'), await join('bob')];
  const callId = await ring(alice, bob);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await bob.quiet('call_ended');
  await clock.advance(350);
  for (const each of [alice, bob]) {
    expect(await each.next('call_ended')).toEqual({ callId, reason: 'no_answer' });
  }
});

test('[TEST-2] presence, its grace and its broadcasts pass on the clock too', async () => {
  const clock = new FakeClock();
  const { join } = await serve({ clock });
  const [alice, bob] = [await join('alice'), await join('bob')];
  await bob.drop();
  await alice.settle();
  await clock.advance(4_999);
  await alice.settle();
  expect(alice.take('users_updated').at(-1)).toHaveLength(2);
  await clock.advance(251);
  expect(await alice.next('users_updated')).toMatchObject([{ id: 'alice' }]);
});

test('[TEST-3] all state is in the stores that it is given', async () => {
  const stores = createMemoryStores();
  const { join } = await serve({ stores });
  const [alice, bob] = [await join('alice'), await join('bob')];
  const answer = await alice.ask('call_user', callTo(alice, bob));
  expect(await stores.in('').calls.live()).toMatchObject([{ id: answer.ok && answer.callId, status: 'ringing' }]);
  expect(await stores.presence.sessionsOf('bob')).toMatchObject([{ socketId: bob.socket.id }]);
  expect(await stores.users.get('bob')).toMatchObject({ username: 'bob' });
});
