import express from 'express';
import type { AuthOptions } from 'signal-core';
import { FakeClock, ScriptedClient, startTestServer } from 'signal-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bearing, CLOSED, login, passwords, serving, verifyToken } from './rest-steps.ts';

const PRIVATE = ['/api/users', '/api/online-users', '/api/ice-servers'];
const ALLOWED = 'https://app.example';

/** A token that this server takes. */
async function tokenFor(url: string, auth: AuthOptions): Promise<string> {
  if (typeof auth === 'object' && 'verifyToken' in auth) return '/alice';
  const { token } = (await (await login(url, 'alice', 'ecila')).json()) as { token: string };
  return token;
}

async function joined(url: string, token: string, id: string) {
  const client = await new ScriptedClient({ url, transport: 'websocket', name: id }).connect();
  onTestFinished(() => client.close());
  await client.join({ id, username: id, token });
  return client;
}

describe.each(CLOSED)('REST in the mode %s', (_, auth) => {
  test.each(PRIVATE)('[AUTH-9] %s needs credentials', async (path) => {
    const { url } = await serving({ auth });
    for (const headers of [
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: `Bearer ${'x'.repeat(5_000)}` },
      { authorization: 'Bearer' },
      { authorization: 'Basic YWxpY2U6c2VjcmV0' },
    ]) {
      const response = await fetch(url + path, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toEqual({ error: expect.any(String), code: 'unauthorized' });
    }
    for (const query of ['token', 'access_token', 'auth']) {
      const token = await tokenFor(url, auth);
      expect((await fetch(`${url}${path}?${query}=${token}`)).status).toBe(401);
    }
    const response = await fetch(url + path, bearing(await tokenFor(url, auth)));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('[REST-3] every answer says that it is JSON, in UTF-8, refused or not', async () => {
    const { url } = await serving({ auth });
    const token = await tokenFor(url, auth);
    const answers = [
      ...[...PRIVATE, '/health'].flatMap((path) => [fetch(url + path), fetch(url + path, bearing(token))]),
      login(url, 'alice', 'wrong'),
      fetch(`${url}/api/login`, { method: 'POST', body: 'no JSON' }),
    ];
    for (const answer of answers) {
      const { url: at, headers } = await answer;
      expect([at, headers.get('content-type')]).toEqual([at, 'application/json; charset=utf-8']);
    }
  });

  test('[AUTH-9] [REST-8] a page may send its token: preflights are answered', async () => {
    const { url } = await serving({ auth, origins: [ALLOWED] });
    for (const path of [...PRIVATE, '/health']) {
      const preflight = await fetch(url + path, {
        method: 'OPTIONS',
        headers: {
          origin: ALLOWED,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'authorization',
        },
      });
      expect([path, preflight.ok]).toEqual([path, true]);
      expect(preflight.headers.get('access-control-allow-origin')).toBe(ALLOWED);
      expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization/i);
      const refused = await fetch(url + path, { headers: { origin: ALLOWED } });
      expect(refused.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    }
  });
});

describe('lists', () => {
  test('[AUTH-9] show the scope of who asks, and no socketId but their own', async () => {
    const { url } = await serving({ auth: { verifyToken } });
    const alice = await joined(url, 'red/alice', 'alice');
    await joined(url, 'red/bob', 'bob');
    await joined(url, 'blue/carol', 'carol');
    const asAlice = await fetch(`${url}/api/online-users`, bearing('red/alice'));
    expect(await asAlice.json()).toEqual([
      { id: 'alice', username: 'alice', isOnline: true, socketId: alice.socket.id },
      { id: 'bob', username: 'bob', isOnline: true },
    ]);
    const names = async (token: string) => {
      const listed = (await (await fetch(`${url}/api/users`, bearing(token))).json()) as { username: string }[];
      return listed.map(({ username }) => username).sort();
    };
    expect(await names('red/stranger')).toEqual(['alice', 'bob']);
    expect(await names('blue/carol')).toEqual(['carol']);
    expect(await names('/nobody')).toEqual([]);
  });

  test('[AUTH-9] [AUTH-14] who logged in is known in their own scope only, before they join and after they left', async () => {
    const check: typeof passwords.check = (username) => ({ id: username, username, scope: username.slice(0, 1) });
    const { url } = await serving({ auth: { passwords: { ...passwords, check } } });
    const tokens: Record<string, string> = {};
    for (const name of ['a-1', 'a-2', 'b-1']) {
      const body = (await (await login(url, name, 'x')).json()) as { token: string; user: object };
      expect(body.user).toEqual({ id: name, username: name, isOnline: false });
      tokens[name] = body.token;
    }
    const listed = async (name: string) =>
      ((await (await fetch(`${url}/api/users`, bearing(tokens[name] ?? ''))).json()) as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await listed('a-1')).toEqual(['a-1', 'a-2']);
    expect(await listed('b-1')).toEqual(['b-1']);
  });

  test('[AUTH-9] a scope that the host cannot tell is `unavailable`, and the scope of the router counts for nothing', async () => {
    const scopeOf = ({ id }: { id: string }) => {
      if (id === 'alice') throw new Error('no database');
      return 'blue';
    };
    const { url, close } = await startTestServer({
      auth: { verifyToken: (id) => ({ id, username: id }) },
      scopeOf,
      host: (signaling) => express().use(signaling.router({ scopeOf: () => 'red' })),
    });
    onTestFinished(close);
    const refused = await fetch(`${url}/api/users`, bearing('alice'));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'unavailable' });
    await joined(url, 'bob', 'bob');
    expect(await (await fetch(`${url}/api/users`, bearing('carol'))).json()).toMatchObject([{ id: 'bob' }]);
  });
});

describe('credentials', () => {
  test('[AUTH-2] `authenticate` reads who asks by what comes with the request', async () => {
    const authenticate = ({ headers }: { headers: { cookie?: string | undefined } }) =>
      headers.cookie === 'session=7' ? { id: 'alice', username: 'alice' } : null;
    const { url } = await serving({ auth: { authenticate } });
    expect((await fetch(`${url}/api/users`, { headers: { cookie: 'session=7' } })).status).toBe(200);
    expect((await fetch(`${url}/api/users`, { headers: { cookie: 'session=8' } })).status).toBe(401);
    expect(
      (await fetch(`${url}/api/users`, { headers: { cookie: 'session=7', ...bearing('x').headers } })).status,
    ).toBe(401);
  });

  test('[AUTH-5] [REST-3] a host that throws, or takes too long, is 503 `unavailable`', async () => {
    const clock = new FakeClock();
    const throwing = await serving({ auth: { verifyToken: () => Promise.reject(new Error('no database')) } });
    const response = await fetch(`${throwing.url}/api/users`, bearing('x'));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toMatchObject({ code: 'unavailable' });

    let isAsked = () => {};
    const asking = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const verifyToken = () => {
      isAsked();
      return new Promise<never>(() => {});
    };
    const hanging = await serving({ auth: { verifyToken }, clock });
    const late = fetch(`${hanging.url}/api/users`, bearing('x'));
    await asking;
    await clock.advance(2_000);
    expect((await late).status).toBe(503);
  });

  test('[AUTH-9] a token that has lapsed is 401 `token_expired`', async () => {
    const clock = new FakeClock();
    const { url } = await serving({ auth: { passwords: { ...passwords, tokenTtlMs: 3_600_000 } }, clock });
    const { token } = (await (await login(url, 'alice', 'ecila')).json()) as { token: string };
    expect((await fetch(`${url}/api/users`, bearing(token))).status).toBe(200);
    await clock.advance(3_600_000 + 31_000);
    const response = await fetch(`${url}/api/users`, bearing(token));
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await response.json()).toEqual({ error: expect.any(String), code: 'token_expired' });
  });
});

describe('POST /api/login', () => {
  test('[AUTH-7] [REST-1] with the right password answers the user and a token that is good', async () => {
    const { url } = await serving({ auth: { passwords } });
    const response = await login(url, 'alice', 'ecila');
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { user, token } = (await response.json()) as { user: object; token: string };
    expect(user).toEqual({ id: 'id-of-alice', username: 'alice', isOnline: false });
    expect(await (await fetch(`${url}/api/users`, bearing(token))).json()).toEqual([
      { id: 'id-of-alice', username: 'alice', isOnline: false, lastSeen: expect.any(String) },
    ]);
  });

  test('[AUTH-7] a wrong password and an unknown user are the same', async () => {
    const { url } = await serving({ auth: { passwords } });
    const told = async (username: string) => {
      const response = await login(url, username, 'wrong');
      const { date: _, ...headers } = Object.fromEntries(response.headers);
      return { status: response.status, headers, body: await response.text() };
    };
    const wrong = await told('alice');
    expect(wrong).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(JSON.parse(wrong.body)).toEqual({ error: 'wrong username or password', code: 'unauthorized' });
    expect(await told('nobody')).toEqual(wrong);
  });

  test('[AUTH-7] [REST-2] what is no login is refused as in `open`', async () => {
    const { url } = await serving({ auth: { passwords } });
    for (const [username, password] of [
      ['', 'x'],
      ['alice', ''],
      ['a\nb', 'x'],
      ['x'.repeat(65), 'x'],
    ] as const) {
      const response = await login(url, username, password);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'invalid_payload' });
    }
    expect((await login(url, 'alice', 'x'.repeat(20_000))).status).toBe(413);
  });

  test('[AUTH-8] answers 404 in `token`, and leaves the route to the host', async () => {
    const { url } = await serving({ auth: { verifyToken } });
    expect((await login(url, 'alice', 'ecila')).status).toBe(404);
    const host = await serving({
      auth: { verifyToken },
      host: (signaling) =>
        express()
          .use(signaling.router())
          .post('/api/login', (_req, res) => void res.json({ token: 'of the host' })),
    });
    expect(await (await login(host.url, 'alice', 'x')).json()).toEqual({ token: 'of the host' });
  });
});

describe('GET /api/ice-servers', () => {
  const turn = { urls: ['turn:turn.example'], secret: 'shared', ttlSeconds: 600 };
  const iceServers = [{ urls: 'stun:stun.example' }];

  test('[TURN-1] [AUTH-9] has credentials of who asks', async () => {
    const clock = new FakeClock();
    const { url } = await serving({ auth: { verifyToken }, turn, iceServers, clock });
    expect(await (await fetch(`${url}/api/ice-servers`, bearing('/alice'))).json()).toEqual({
      iceServers: [
        { urls: 'stun:stun.example' },
        {
          urls: ['turn:turn.example'],
          username: `${clock.now() / 1_000 + 600}:alice`,
          credential: expect.stringMatching(/^[\w+/]{27}=$/),
        },
      ],
      ttlSeconds: 600,
    });
  });

  test('[TURN-1] in `open` they are those of `guest`, whatever is shown', async () => {
    const { url } = await serving({ turn });
    const response = await fetch(`${url}/api/ice-servers`, bearing('/alice'));
    expect(response.headers.get('cache-control')).toBe('no-store');
    const {
      iceServers: [server],
    } = (await response.json()) as { iceServers: { username: string }[] };
    expect(server?.username).toMatch(/^\d+:guest$/);
  });

  test('[TURN-1] without any there is nothing to tell', async () => {
    const { url } = await serving();
    expect(await (await fetch(`${url}/api/ice-servers`)).json()).toEqual({ iceServers: [] });
  });
});
