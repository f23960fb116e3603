import { createServer } from 'node:http';
import { listenOnLoopback } from 'signal-core/testing';
import { Server } from 'socket.io';
import { afterAll, expect, it } from 'vitest';
import { CliRunner } from './support/cli.js';

const cli = new CliRunner();
afterAll(() => cli.close());

it('[CLI-9] the timeline has an acknowledgement before the event that followed it in the same payload', async () => {
  const http = createServer(({ method }, response) => {
    response.end(JSON.stringify(method === 'GET' ? [] : { user: { id: 'u1', username: 'alice' }, token: 't' }));
  });
  const io = new Server(http, { transports: ['polling'] });
  io.on('connection', (socket) => {
    socket.on('join', (_payload, ack) => {
      ack({ ok: true, protocol: 2, onlineUsers: [] });
      socket.emit('users_updated', []);
    });
    socket.on('leave', (_payload, ack) => ack({ ok: true }));
  });
  const { url } = await listenOnLoopback(http);
  const watcher = cli.start(['watch', '--json', '--user', 'alice', '--url', url]);
  await Promise.all([watcher.says({ event: 'users_updated' }), watcher.says({ event: 'ack' })]);
  watcher.kill('SIGINT');
  const { records } = await watcher.ended;
  await io.close();
  expect(records.slice(0, 2).map(({ event }) => event)).toEqual(['ack', 'users_updated']);
});
