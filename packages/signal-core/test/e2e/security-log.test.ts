import type { Logger, SignalingServerOptions } from 'signal-core';
import { FakeClock, ScriptedClient, type TestServerOptions } from 'signal-core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { postJson } from './stage.ts';
import { start } from './start.ts';

const SECRET = 'a secret of thirty-two bytes, or more';
const PASSWORD = 'correct horse battery';
const ALICE = { id: 'id-of-alice', username: 'alice' };

const auth: SignalingServerOptions['auth'] = {
  passwords: {
    secret: SECRET,
    check: (username, password) => (username === 'alice' && password === PASSWORD ? ALICE : null),
  },
};

/** A server in `passwords` whose log is kept. */
async function logged(options: TestServerOptions = {}) {
  const lines: { level: string; message: string; [field: string]: unknown }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, message, ...fields });
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const server = await start({ auth, logger, ...options });
  onTestFinished(() => server.close());
  const saying = (message: string) => lines.filter((line) => line.message === message);
  const login = async (username: string, password: string) => {
    const response = await postJson(`${server.url}/api/login`, { username, password });
    return String(Object(await response.json()).token);
  };
  const connect = async (token?: string) => {
    const client = new ScriptedClient({
      url: server.url,
      transport: 'websocket',
      name: 'client',
      ...(token && { auth: { token } }),
    });
    onTestFinished(() => client.close());
    return client.connect();
  };
  return { ...server, lines, saying, login, connect };
}

test('[AUTH-15] a login is logged by who and from where, a refused one without what was typed', async () => {
  const { lines, saying, login } = await logged();
  await login('alice', PASSWORD);
  expect(saying('logged in')).toEqual([
    { level: 'info', message: 'logged in', userId: ALICE.id, address: '127.0.0.1' },
  ]);

  await login('alice', 'a wrong password');
  await login('a password in the wrong field', PASSWORD);
  const refused = { level: 'info', message: 'credentials refused', code: 'unauthorized', what: '/api/login' };
  expect(saying('credentials refused')).toEqual([
    { ...refused, address: '127.0.0.1' },
    { ...refused, address: '127.0.0.1' },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/password|correct horse/);
});

test('[AUTH-15] logins that come too fast are', async () => {
  const { saying, login } = await logged({ limits: { loginsPerMinuteByName: 1 } });
  await login('alice', 'wrong');
  await login('alice', 'wrong');
  expect(saying('too many logins')).toEqual([{ level: 'warn', message: 'too many logins', address: '127.0.0.1' }]);
});

test('[AUTH-15] a refused token is, whichever way it came, and is not in the line', async () => {
  const { url, lines, saying, connect } = await logged();
  const token = 'eyJhbGciOiJIUzI1NiJ9.e30.bad';
  await expect(connect(token)).rejects.toThrow();
  await fetch(`${url}/api/users`, { headers: { authorization: `Bearer ${token}` } });
  const client = await connect();
  await client.ask('join', { ...ALICE, token });
  expect(saying('credentials refused').map(({ code, what }) => [code, what])).toEqual([
    ['unauthorized', 'handshake'],
    ['unauthorized', '/api/users'],
    ['unauthorized', 'join'],
  ]);
  expect(JSON.stringify(lines)).not.toContain(token);
});

test('[AUTH-15] somebody who says to be another is', async () => {
  const { saying, login, connect } = await logged();
  const client = await connect(await login('alice', PASSWORD));
  await client.ask('join', { ...ALICE, id: 'id-of-bob' });
  expect(saying('credentials refused')).toEqual([expect.objectContaining({ code: 'identity_mismatch', what: 'join' })]);
});

test('[AUTH-15] a refused origin is, with the address that the proxy tells', async () => {
  const { url, saying } = await logged({ trustProxy: ['127.0.0.0/8'] });
  const handshake = `${url}/socket.io/?EIO=4&transport=polling`;
  await fetch(handshake, { headers: { origin: 'https://evil.example', 'x-forwarded-for': '203.0.113.7' } });
  expect(saying('origin refused')).toEqual([
    { level: 'warn', message: 'origin refused', origin: 'https://evil.example', address: '203.0.113.7' },
  ]);
});

test('[AUTH-15] a kick and a revocation are', async () => {
  const { signaling, saying, login, connect } = await logged({ limits: { refusalsPer10Seconds: 3 } });
  const client = await connect(await login('alice', PASSWORD));
  await client.ask('join', ALICE);
  for (let round = 0; round < 3; round += 1) client.socket.emit('end_call', { callId: '' });
  await vi.waitFor(() =>
    expect(saying('kicked for flooding')).toEqual([
      { level: 'warn', message: 'kicked for flooding', userId: ALICE.id, address: '127.0.0.1' },
    ]),
  );
  await signaling.revoke({ userId: ALICE.id });
  expect(saying('credentials revoked')).toEqual([expect.objectContaining({ userId: ALICE.id })]);
});

test('[AUTH-15] a stranger fills no log: 10 lines a minute of one network, and how many were left out', async () => {
  const clock = new FakeClock();
  const { url, saying } = await logged({ clock, trustProxy: 1 });
  const ask = async (from: string, times: number) => {
    for (let n = 0; n < times; n += 1) await fetch(`${url}/api/users`, { headers: { 'x-forwarded-for': from } });
  };
  const refused = () => saying('credentials refused').map(({ address, suppressed }) => [address, suppressed]);
  await ask('2001:db8::1', 9);
  await ask('2001:db8::2', 4);
  expect(refused()).toEqual([...Array(9).fill(['2001:db8::1', undefined]), ['2001:db8::2', undefined]]);
  await ask('203.0.113.7', 1);
  expect(refused().at(-1)).toEqual(['203.0.113.7', undefined]);
  await clock.advance(6_000);
  await ask('2001:db8::3', 2);
  expect(refused().slice(11)).toEqual([['2001:db8::3', 3]]);
  await clock.advance(60_000);
  await ask('2001:db8::4', 11);
  expect(refused().slice(12)).toEqual([['2001:db8::4', 1], ...Array(9).fill(['2001:db8::4', undefined])]);
});
