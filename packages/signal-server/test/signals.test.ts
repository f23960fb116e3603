import { io, type Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run, type ServerProcess } from './server-process.ts';

async function connected(server: ServerProcess, transport: 'polling' | 'websocket'): Promise<Socket> {
  const { url } = await server.line('listening');
  const socket = io(String(url), { transports: [transport], reconnection: false, forceNew: true });
  onTestFinished(() => {
    socket.close();
  });
  const success = received(socket, 'join_success');
  socket.emit('join', { id: `id-${transport}`, username: transport });
  await success;
  return socket;
}

function received(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve));
}

describe('SIGINT and SIGTERM', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('[SRV-9] %s without sockets: exit 0 at once', async (signal) => {
    const server = run(['--port', '0']);
    await server.line('listening');
    server.child.kill(signal);
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const [asked, stopped, ...more] = server
      .lines()
      .filter(({ level, msg }) => level === 'info' && msg !== 'listening');
    expect([asked?.msg, stopped?.msg, more]).toEqual(['shutting down', 'stopped', []]);
    expect(Date.parse(String(stopped?.time)) - Date.parse(String(asked?.time))).toBeLessThan(500);
  });

  test('[SRV-9] clients are told server_draining, and their transports closed', async () => {
    const server = run(['--port', '0']);
    const sockets = await Promise.all([connected(server, 'polling'), connected(server, 'websocket')]);
    const told = sockets.map((socket) => received(socket, 'server_draining'));
    const gone = sockets.map((socket) => received(socket, 'disconnect'));
    server.child.kill('SIGTERM');
    for (const answer of await Promise.all(told)) expect(answer).toEqual({ reconnectAfterMs: expect.any(Number) });
    for (const reason of await Promise.all(gone)) expect(reason).toMatch(/^transport (close|error)$/);
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  test('[SRV-10] the second delivery of one signal changes nothing', async () => {
    const server = run(['--port', '0']);
    const socket = await connected(server, 'websocket');
    // A repeat that comes while it shuts down, as from npm.
    socket.once('server_draining', () => server.child.kill('SIGINT'));
    server.child.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
    expect(server.lines().filter(({ msg }) => msg === 'shutting down')).toHaveLength(1);
  });

  test('[SRV-10] SIGTERM to the whole process group of npx stops it once, cleanly', async () => {
    const server = run(['--port', '0'], { command: ['npx', 'signal-server'], detached: true });
    const socket = await connected(server, 'websocket');
    const told = received(socket, 'server_draining');
    process.kill(-Number(server.child.pid), 'SIGTERM');
    await told;
    // Its output ends when the last process of the group has gone.
    await server.ended;
    const messages = server.lines().map(({ msg }) => msg);
    expect(messages.filter((msg) => msg === 'shutting down')).toHaveLength(1);
    expect(messages.at(-1)).toBe('stopped');
  });
});

describe('faults of the process', () => {
  const faults = {
    uncaughtException: "process.on('SIGUSR2', () => { throw new Error('boom'); });",
    unhandledRejection: "process.on('SIGUSR2', () => { Promise.reject(new Error('boom')); });",
  };

  test.each(Object.entries(faults))('[SRV-11] %s: logged, exit 1', async (origin, code) => {
    const server = run(['--port', '0'], {
      env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` },
    });
    await server.line('listening');
    server.child.kill('SIGUSR2');
    expect(await server.ended).toMatchObject({ code: 1, stderr: '' });
    expect(server.lines().at(-1)).toMatchObject({ level: 'error', origin, err: { message: 'boom' } });
  });
});
