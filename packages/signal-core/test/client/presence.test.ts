import type { PresenceList } from 'signal-core/client';
import { ScriptedClient } from 'signal-core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { all, next, reaches } from './heard.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { type Guest, guestsOf, stage } from './stage.ts';

const names = ({ users }: PresenceList) => [...users.values()].map(({ username }) => username).sort();

/** Waits until the list shows exactly these. */
async function shows(presence: PresenceList, ...expected: string[]): Promise<void> {
  while (names(presence).join() !== expected.sort().join()) await next(presence, 'change');
}

const received = ({ wire }: Guest, name: string) =>
  wire.filter(({ direction, event }) => direction === 'received' && event === name).map(({ payload }) => payload);

it('[CLIENT-11] the list follows who comes and goes, by what changed alone', async () => {
  const { join } = await stage();
  const alice = await join('alice');
  const changes = all(alice.client.presence, 'change');
  const bob = await join('bob');
  await shows(alice.client.presence, 'alice', 'bob');
  await bob.client.close();
  await shows(alice.client.presence, 'alice');
  expect(
    changes
      .map(([{ joined, left }]) => [joined.map((user) => user.username), left.map((user) => user.username)])
      .slice(-2),
  ).toEqual([
    [['bob'], []],
    [[], ['bob']],
  ]);
  expect(received(alice, 'users_updated')).toEqual([]);
  expect(received(alice, 'presence_changed').length).toBeGreaterThan(1);
});

it('[CLIENT-11] after a loss it gets what changed meanwhile, not the list', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  await shows(alice.client.presence, 'alice', 'bob');
  alice.proxy.freeze();
  alice.proxy.cut();
  await join('carol');
  await bob.client.close();
  alice.proxy.thaw();
  await shows(alice.client.presence, 'alice', 'carol');
  const joins = alice.wire.filter(({ direction, event }) => direction === 'ack' && event === 'join');
  expect(joins).toHaveLength(2);
  expect(Object(joins[1]?.payload)).toMatchObject({
    onlineUsers: [],
    presenceChange: { joined: [{ username: 'carol' }] },
  });
});

it('[CLIENT-11] after a restart of the server it gets the list, and tells the difference only', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  await shows(alice.client.presence, 'alice', 'bob');
  await shows(bob.client.presence, 'alice', 'bob');
  bob.proxy.freeze();
  const changes = all(alice.client.presence, 'change');
  await crash(alice);
  await shows(alice.client.presence, 'alice');
  expect(changes).toEqual([[{ joined: [], left: [{ id: bob.id, username: 'bob' }] }]]);
});

it('[CLIENT-11] who chooses some users hears of them only, also after a loss', async () => {
  const { join, guest } = await stage();
  const [bob, carol] = [await guest('bob'), await guest('carol')];
  const alice = await join('alice', { presence: 'none' });
  expect(names(alice.client.presence)).toEqual([]);
  expect(await alice.client.presence.subscribe([bob.id])).toEqual([]);
  await carol.client.connect();
  await bob.client.connect();
  await shows(alice.client.presence, 'bob');
  alice.proxy.cut();
  await bob.client.close();
  await shows(alice.client.presence);
  expect(JSON.stringify(received(alice, 'presence_changed'))).not.toContain('carol');
  const many = Array.from({ length: 201 }, (_, index) => `user-${index}`);
  await expect(alice.client.presence.subscribe(many)).rejects.toMatchObject({ code: 'invalid_payload' });
  expect(await alice.client.presence.subscribe([carol.id])).toEqual([{ id: carol.id, username: 'carol' }]);
});

it('[CLIENT-11] `full` follows the whole lists that legacy clients get', async () => {
  const { join, url } = await stage();
  const alice = await join('alice', { presence: 'full' });
  const legacy = new ScriptedClient({ url, transport: 'websocket', name: 'bob' });
  onTestFinished(() => legacy.close());
  await legacy.connect();
  await legacy.join({ id: 'b', username: 'bob' });
  await shows(alice.client.presence, 'alice', 'bob');
  expect(received(alice, 'users_updated').length).toBeGreaterThan(0);
});

it('[CLIENT-11] after a gap in the count the server is asked, once', async () => {
  const asked: unknown[] = [];
  const url = await scriptedServer({
    onJoin(socket, answer) {
      socket.on('presence_sync', (payload, reply) => {
        asked.push(payload);
        reply({ ok: true, epoch: 'e', version: 9, users: [{ id: 'c', username: 'carol' }] });
        socket.emit('presence_changed', { epoch: 'e', version: 10, joined: [{ id: 'd', username: 'dave' }], left: [] });
      });
      answer({ presenceEpoch: 'e', presenceVersion: 5, ...JOINED });
      socket.emit('presence_changed', { epoch: 'e', version: 8, joined: [{ id: 'x', username: 'x' }], left: [] });
      socket.emit('presence_changed', { epoch: 'e', version: 9, joined: [{ id: 'y', username: 'y' }], left: [] });
    },
  });
  const { client } = await guestsOf(url).join('alice');
  await shows(client.presence, 'carol', 'dave');
  expect(asked).toEqual([{ since: { epoch: 'e', version: 5 } }]);
});

it('[CLIENT-23] of several choices each gets its own answer, and the last that succeeded counts', async () => {
  const { join } = await stage();
  const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
  const { presence } = alice.client;
  const many = Array.from({ length: 201 }, (_, index) => `user-${index}`);
  const answers = await Promise.allSettled([
    presence.subscribe([bob.id]),
    presence.subscribe([carol.id]),
    presence.subscribe(many),
  ]);
  expect(answers).toEqual([
    { status: 'fulfilled', value: [{ id: bob.id, username: 'bob' }] },
    { status: 'fulfilled', value: [{ id: carol.id, username: 'carol' }] },
    { status: 'rejected', reason: expect.objectContaining({ code: 'invalid_payload' }) },
  ]);
  expect(names(presence)).toEqual(['carol']);
  alice.proxy.cut();
  await reaches(alice.client, 'reconnecting');
  await reaches(alice.client, 'joined');
  await alice.client.ping();
  expect(names(presence)).toEqual(['carol']);
});

it('[CLIENT-23] a choice that is refused on return is reported, and everybody is followed again', async () => {
  let choices = 0;
  const bob = { id: 'b', username: 'bob' };
  const refusal = { ok: false, error: { code: 'forbidden', message: 'no longer' } };
  const joins: unknown[] = [];
  const url = await scriptedServer({
    onJoin(socket, answer) {
      socket.on('presence_subscribe', (_payload, reply) => reply(++choices === 1 ? { ok: true, users: [] } : refusal));
      answer({ ...JOINED, onlineUsers: [bob] });
    },
  });
  const reported: unknown[] = [];
  const { client, proxy } = await guestsOf(url).join('alice', {
    onListenerError: (error) => reported.push(error),
    onTraffic: ({ direction, event, payload }) => {
      if (direction === 'sent' && event === 'join') joins.push(Object(payload).presence);
    },
  });
  await client.presence.subscribe([bob.id]);
  expect(names(client.presence)).toEqual([]);
  proxy.cut();
  await shows(client.presence, 'bob');
  expect(joins).toEqual(['delta', 'none', 'delta']);
  expect(reported).toEqual([expect.objectContaining({ code: 'forbidden' })]);
});
