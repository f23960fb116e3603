import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { io } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BIN, run } from './server-process.ts';

/** Gives a program a terminal: that of util-linux does; that of BSD takes other arguments. */
const TERMINAL = 'script';

const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
const hasIpv6Loopback = addresses.some(({ address }) => address === '::1');

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  onTestFinished(() => {
    socket.destroy();
  });
  return Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
    () => false,
  );
}

async function listening(args: string[], env: Record<string, string> = {}) {
  const server = run(args, { env });
  const line = await server.line('listening');
  const url = String(line.url);
  return { server, line, url, port: Number(new URL(url).port) };
}

describe('the line that says it listens', () => {
  test('[SRV-7] without a terminal it is the first line of JSON, with url, auth and pid, and nothing is drawn', async () => {
    const { server, line, url } = await listening(['--port', '0', '--host', '127.0.0.1']);
    expect(line).toMatchObject({ level: 'info', auth: 'open', pid: server.child.pid });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'OK' });
    server.child.kill();
    const { stdout } = await server.ended;
    expect(stdout.startsWith('{')).toBe(true);
    for (const text of stdout.trimEnd().split('\n')) expect(JSON.parse(text)).toHaveProperty('msg');
  });

  test('[SRV-7] it comes whatever the log level', async () => {
    const { server } = await listening(['--port', '0', '--log-level', 'silent']);
    server.child.kill();
    expect((await server.ended).stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test('[SRV-7] it is readable where the format is pretty without a terminal, and there is no banner', async () => {
    const server = run(['--port', '0', '--log-format', 'pretty']);
    let stdout = '';
    server.child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    await expect
      .poll(() => stdout, { timeout: 10_000 })
      .toMatch(/^\[[\d:.]+\] INFO \(\d+\): listening \{"url":"http:[^\n]+\n\[[\d:.]+\] WARN: auth open: [^\n]+\n$/);
  });

  test.skipIf(!hasScript())('[SRV-7] on a terminal there is a banner in its place', async () => {
    const server = run(['-qefc', `${process.execPath} ${BIN} --port 0`, '/dev/null'], { command: [TERMINAL] });
    let screen = '';
    server.child.stdout?.on('data', (chunk) => {
      screen += chunk;
    });
    await expect.poll(() => screen, { timeout: 10_000 }).toContain('Ctrl-C stops it');
    expect(screen).toMatch(/OPEN: anybody/);
    expect(screen).not.toContain('"listening"');
    const [, url] = /curl (http:\/\/\S+)\/health/.exec(screen) ?? [];
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe('where it listens', () => {
  test('[SRV-5] in open mode without a host: on the loopback addresses, on one port, and on no other', async () => {
    const { url, port } = await listening(['--port', '0']);
    expect(url).toBe(`http://localhost:${port}`);
    expect(port).toBeGreaterThan(0);
    expect(await accepts('127.0.0.1', port)).toBe(true);
    expect(await accepts('::1', port)).toBe(hasIpv6Loopback);
    for (const { address } of addresses.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      expect(await accepts(address, port)).toBe(false);
    }
  });

  test.skipIf(!hasIpv6Loopback)('[SRV-5] both loopback addresses serve REST and Socket.IO', async () => {
    const { port } = await listening(['--port', '0']);
    for (const url of [`http://127.0.0.1:${port}`, `http://[::1]:${port}`]) {
      expect((await fetch(`${url}/health`)).status).toBe(200);
      for (const transports of [['polling'], ['websocket']]) {
        const socket = io(url, { transports, reconnection: false, forceNew: true });
        onTestFinished(() => {
          socket.close();
        });
        await new Promise((resolve, reject) =>
          socket.once('connect', () => resolve(null)).once('connect_error', reject),
        );
      }
    }
  });

  test('[SRV-5] HOST and PORT say another place', async () => {
    const { url, port } = await listening([], { HOST: '0.0.0.0', PORT: '0' });
    expect(url).toBe(`http://localhost:${port}`);
    for (const { address } of addresses.filter(({ family }) => family === 'IPv4')) {
      expect(await accepts(address, port)).toBe(true);
    }
  });
});

describe('what it logs', () => {
  test('[SRV-8] one line per user and call transition, without SDP, candidate or token', async () => {
    const { server, url } = await listening(['--port', '0']);
    const [alice, bob] = await Promise.all(['alice', 'bob'].map((name) => joined(url, name)));
    if (!alice || !bob) throw new Error('not joined');
    const rung = received(bob.socket, 'incoming_call');
    alice.socket.emit('call_user', {
      to: bob.id,
      from: { id: alice.id, username: 'alice' },
      callType: 'video',
      offer: { type: 'offer', sdp: 'v=0\r\na=ice-pwd:secret-offer\r\n' },
    });
    const { callId } = await rung;
    const accepted = received(alice.socket, 'call_accepted');
    bob.socket.emit('accept_call', { callId, answer: { type: 'answer', sdp: 'v=0\r\na=ice-pwd:secret-answer\r\n' } });
    await accepted;
    const trickled = received(bob.socket, 'ice_candidate');
    const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };
    alice.socket.emit('ice_candidate', { to: bob.id, candidate });
    await trickled;
    const ended = received(bob.socket, 'call_ended');
    alice.socket.emit('end_call', { callId });
    await ended;
    server.child.kill();
    const { stdout } = await server.ended;
    expect(stdout).not.toMatch(/ice-pwd|secret-|candidate:|v=0/);
    expect(stdout).not.toContain(alice.token);
    const transitions = server.lines().filter(({ msg }) => /^(user|call) /.test(msg));
    expect(transitions.every(({ level }) => level === 'info')).toBe(true);
    const of = (id: unknown) => transitions.filter((line) => line.id === id).map(({ msg }) => msg);
    expect(of(callId)).toEqual(['call ringing', 'call active', 'call ended']);
    expect(of(alice.id)).toEqual(['user online']);
  });
});

async function joined(url: string, username: string) {
  const response = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'x' }),
  });
  const { user, token } = Object(await response.json());
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
  onTestFinished(() => {
    socket.close();
  });
  const success = received(socket, 'join_success');
  socket.emit('join', user);
  await success;
  return { socket, id: String(user.id), token: String(token) };
}

function received(socket: ReturnType<typeof io>, event: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => socket.once(event, resolve));
}

function hasScript(): boolean {
  try {
    return execFileSync(TERMINAL, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'util-linux',
    );
  } catch {
    return false;
  }
}
