import { userIdOf } from 'signal-core/protocol';
import { io, type Socket } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import { changeUsers } from '../src/users/change-users.ts';
import { hashPassword } from '../src/users/password-hash.ts';
import { written } from './folder.ts';
import { run } from './server-process.ts';

export const SECRET = 'a-secret-of-32-bytes-for-the-test';
export const ALICE = { id: userIdOf('alice'), username: 'alice' };

/** A users file with alice in it. */
export async function usersFile(): Promise<string> {
  const path = written('{"version": 1, "users": []}');
  const alice = { ...ALICE, hash: await hashPassword('correct horse'), createdAt: '2020-01-01T00:00:00.000Z' };
  await changeUsers(path, () => new Map([['alice', alice]]));
  return path;
}

export async function started(args: string[], env: Record<string, string> = {}) {
  const server = run(['--port', '0', '--host', '127.0.0.1', '--log-level', 'debug', ...args], { env });
  const line = await server.line('listening');
  return { server, line, url: String(line.url) };
}

export async function login(url: string, username: string, password: string) {
  const response = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return { status: response.status, body: Object(await response.json()) };
}

/** A joined connection; it is closed with the test. */
export async function joined(url: string, token: string) {
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth: { token } });
  onTestFinished(() => {
    socket.close();
  });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  await socket.emitWithAck('join', ALICE);
  return socket;
}

/** Why the server, or the network, ended it. */
export const end = (socket: Socket) => new Promise<string>((resolve) => socket.once('disconnect', resolve));

/** What comes of a join with this token: the name that the server knows, or the code of the refusal. */
export async function join(url: string, token: string): Promise<string> {
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth: { token } });
  onTestFinished(() => {
    socket.close();
  });
  return new Promise((resolve) => {
    socket.once('connect_error', (error) => resolve(String(Object(error).data?.code ?? error.message)));
    socket.once('connect', () => {
      socket.emit('join', ALICE, (ack: unknown) => {
        const { ok, self, error } = Object(ack);
        resolve(ok ? self.username : error.code);
      });
    });
  });
}
