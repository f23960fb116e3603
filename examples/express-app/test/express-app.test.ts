import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';

let application: ChildProcess;
let url: string;

beforeAll(async () => {
  const script = fileURLToPath(new URL('../server.js', import.meta.url));
  application = spawn(process.execPath, [script], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (application.stdout === null) throw new Error('the application has no output');
  for await (const line of createInterface({ input: application.stdout })) {
    const [, found] = /listening on (\S+)/.exec(line) ?? [];
    if (found === undefined) continue;
    url = found;
    break;
  }
  application.stdout.resume();
});

afterAll(() => {
  application.kill('SIGKILL');
});

test('[HOST-2] the routes, the 404 page and the WebSocket feed of the application work as before', async () => {
  expect(await (await fetch(url)).text()).toBe('The shop is open.');
  const missing = await fetch(`${url}/missing`);
  expect([missing.status, await missing.text()]).toEqual([404, 'No such page.']);
  const feed = new WebSocket(`${url.replace('http', 'ws')}/feed`);
  const [message] = await once(feed, 'message');
  expect(String(message)).toBe('welcome to the feed');
  feed.close();
});

test('[HOST-1] a call goes through the application, and it stops by itself when told to', async () => {
  const [alice, bob] = await Promise.all([online('alice'), online('bob')]);
  const rung = received(bob.socket, 'incoming_call');
  const offer = { type: 'offer', sdp: 'v=0\r\n' };
  alice.socket.emit('call_user', { to: bob.user.id, from: alice.user, callType: 'audio', offer });
  const { callId } = await rung;
  const accepted = received(alice.socket, 'call_accepted');
  bob.socket.emit('accept_call', { callId, answer: { type: 'answer', sdp: 'v=0\r\n' } });
  expect(await accepted).toMatchObject({ callId });
  const draining = received(alice.socket, 'server_draining');
  application.kill('SIGTERM');
  await draining;
  for (const { socket } of [alice, bob]) socket.close();
  const [code] = await once(application, 'exit');
  expect(code).toBe(0);
});

function received(socket: Socket, event: string): Promise<{ callId?: string }> {
  return new Promise((resolve) => socket.once(event, resolve));
}

async function online(username: string): Promise<{ socket: Socket; user: { id: string } }> {
  const answer = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'any' }),
  });
  const { user }: { user: { id: string } } = JSON.parse(await answer.text());
  const socket = io(url, { forceNew: true });
  socket.on('connect', () => socket.emit('join', user));
  await received(socket, 'join_success');
  return { socket, user };
}
