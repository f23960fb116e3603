import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { changeUsers } from '../src/users/change-users.ts';
import { hashPassword } from '../src/users/password-hash.ts';
import { ALICE, end, join, joined, login, SECRET, started, usersFile } from './auth-steps.ts';
import { written } from './folder.ts';
import { jwt } from './jwt.ts';
import { run } from './server-process.ts';

const listUsers = (url: string, token: string) =>
  fetch(`${url}/api/users`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);

describe('--auth passwords', () => {
  test('[SRV-18] who has a new password, or was removed, is disconnected, and older tokens are refused', async () => {
    const users = await usersFile();
    const args = ['--auth', 'passwords', '--users', users];
    const { server, url } = await started(args, { SIGNAL_SECRET: SECRET });
    const old = (await login(url, 'alice', 'correct horse')).body.token;
    const socket = await joined(url, old);
    const hash = await hashPassword('battery staple');
    const changed = { ...ALICE, hash, createdAt: '2020-01-01T00:00:00.000Z', changedAt: new Date().toISOString() };
    await changeUsers(users, () => new Map([['alice', changed]]));
    expect(await end(socket)).toBe('io server disconnect');
    expect(await join(url, old)).toBe('unauthorized');

    const token = (await login(url, 'alice', 'battery staple')).body.token;
    const again = await joined(url, token);
    await changeUsers(users, () => new Map());
    expect(await end(again)).toBe('io server disconnect');
    expect(await join(url, token)).toBe('unauthorized');
    server.child.kill('SIGTERM');
    await server.ended;

    const { url: after } = await started(args, { SIGNAL_SECRET: SECRET });
    expect(await join(after, token)).toBe('unauthorized');
  });

  test('[SRV-17] lets in who is in the users file, for as long as the secret is the same', async () => {
    const users = await usersFile();
    const args = ['--auth', 'passwords', '--users', users];
    const first = await started(args, { SIGNAL_SECRET: SECRET });
    expect(first.line).toMatchObject({ auth: 'passwords' });
    expect(first.server.lines().filter(({ level }) => level === 'warn')).toEqual([]);
    expect(await login(first.url, 'alice', 'wrong horse!')).toMatchObject({ status: 401 });
    expect(await login(first.url, 'nobody', 'wrong horse!')).toMatchObject({ status: 401 });
    const { status, body } = await login(first.url, 'alice', 'correct horse');
    expect({ status, user: body.user }).toEqual({ status: 200, user: { ...ALICE, isOnline: false } });
    expect([await join(first.url, body.token), await listUsers(first.url, body.token)]).toEqual(['alice', 200]);
    expect([await join(first.url, `${body.token}x`), await listUsers(first.url, '')]).toEqual(['unauthorized', 401]);

    const second = await started(args, { SIGNAL_SECRET: SECRET });
    expect(await join(second.url, body.token)).toBe('alice');
    for (const { server } of [first, second]) {
      server.child.kill();
      const { stdout, stderr } = await server.ended;
      expect(stdout + stderr).not.toMatch(/correct horse|wrong horse|argon2id|a-secret-of/);
      expect(stdout + stderr).not.toContain(body.token);
    }
  });

  test('[SRV-17] without a secret one is made up, which ends with the process, and that is said', async () => {
    const args = ['--auth', 'passwords', '--users', await usersFile()];
    const [first, second] = await Promise.all([started(args), started(args)]);
    expect(first.server.lines()).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: expect.stringContaining('no SIGNAL_SECRET') }),
    );
    const { body } = await login(first.url, 'alice', 'correct horse');
    expect([await join(first.url, body.token), await join(second.url, body.token)]).toEqual(['alice', 'unauthorized']);
  });

  test('[SRV-18] a running server sees at once who was removed; --token-ttl says how long a token lasts', async () => {
    const users = await usersFile();
    const { url } = await started(['--auth', 'passwords', '--users', users, '--token-ttl', '1h']);
    const { body } = await login(url, 'alice', 'correct horse');
    const { exp, iat } = JSON.parse(Buffer.from(String(body.token).split('.')[1] ?? '', 'base64url').toString());
    expect(Math.round(exp - iat)).toBe(3600);
    await changeUsers(users, () => new Map());
    expect(await login(url, 'alice', 'correct horse')).toMatchObject({ status: 401 });
    expect(await join(url, body.token)).toBe('unauthorized');
  });

  test('[SRV-18] a users file that is not there, or that others may read, keeps it from starting', async () => {
    const missing = await run(['--auth', 'passwords', '--users', '/no/such/users.json', '--port', '0']).ended;
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('make it: signal-server user add NAME') });
    const shared = written('{"version": 1, "users": []}', { mode: 0o644 });
    const refused = await run(['--auth', 'passwords', '--users', shared, '--port', '0']).ended;
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`chmod 600 ${shared}`) });
    expect(refused.stderr).toMatch(/^signal-server: [^\n]+\n$/);
  });
});

describe('--auth token', () => {
  const claims = { iss: 'issuer', aud: 'signal', sub: ALICE.id, name: 'alice' };
  const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
  const args = ['--auth', 'token', '--jwt-issuer', 'issuer', '--jwt-audience', 'signal'];

  test('[SRV-17] takes JWTs signed with the shared secret, and no login', async () => {
    const { url, line } = await started(args, { SIGNAL_JWT_SECRET: SECRET });
    expect(line).toMatchObject({ auth: 'token' });
    const good = jwt({ ...claims, exp: inAnHour() }, SECRET);
    expect([await join(url, good), await listUsers(url, good)]).toEqual(['alice', 200]);
    for (const [wrong, code] of [
      [jwt({ ...claims, exp: inAnHour() }, `${SECRET}!`), 'unauthorized'],
      [jwt({ ...claims, exp: inAnHour(), iss: 'other' }, SECRET), 'unauthorized'],
      [jwt({ ...claims, exp: inAnHour(), aud: 'other' }, SECRET), 'unauthorized'],
      [jwt({ ...claims, exp: 1 }, SECRET), 'token_expired'],
    ] as const) {
      expect([await join(url, wrong), await listUsers(url, wrong)]).toEqual([code, 401]);
    }
    expect(await login(url, 'alice', 'correct horse')).toMatchObject({ status: 404 });
  });

  test('[SRV-17] takes JWTs signed with a key that the issuer publishes', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }] };
    const issuer = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    onTestFinished(() => {
      issuer.close();
    });
    const { url } = await started([...args, '--jwks-url', `http://127.0.0.1:${Object(issuer.address()).port}/jwks`]);
    const encoded = [
      { alg: 'ES256', kid: 'k1' },
      { ...claims, exp: inAnHour() },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(encoded), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    expect(await join(url, `${encoded}.${signature.toString('base64url')}`)).toBe('alice');
    expect(await join(url, jwt({ ...claims, exp: inAnHour() }, SECRET))).toBe('unauthorized');
  });
});
