import { ERROR_CODES, LIMITS, userIdOf } from 'signal-core/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { only } from './auth-mode.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { postJson, stage } from './stage.ts';
import { start } from './start.ts';

async function running() {
  const server = await start();
  onTestFinished(() => server.close());
  return server;
}

const login = (url: string, body: unknown) => postJson(`${url}/api/login`, body);

only(
  ['open', 'passwords'],
  'where tokens come from elsewhere there is no login (AUTH-8)',
  describe,
)('POST /api/login', () => {
  test('[REST-1] answers the user, not yet online, and a token', async () => {
    const { url } = await running();
    const response = await login(url, { username: 'alice', password: 'secret' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      user: { id: expect.any(String), username: 'alice', isOnline: false },
      token: expect.stringMatching(/./),
    });
  });

  const REQUIRED = { error: 'Username and password required', code: 'invalid_payload' };

  test.each([
    ['a missing password', { username: 'alice' }],
    ['a missing username', { password: 'secret' }],
    ['an empty username', { username: '', password: 'secret' }],
    ['an empty password', { username: 'alice', password: '' }],
    ['a number as username', { username: 7, password: 'secret' }],
    ['null as password', { username: 'alice', password: null }],
    ['an object as username', { username: { toString: 'alice' }, password: 'secret' }],
    ['an array as body', ['alice', 'secret']],
    ['null as body', null],
    ['a string as body', 'alice'],
  ])('[REST-2] refuses %s', async (_, body) => {
    const { url } = await running();
    const response = await login(url, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(REQUIRED);
  });

  test.each([
    ['no body', undefined, undefined],
    ['broken JSON', 'application/json', '{"username": "alice", '],
    ['a form', 'application/x-www-form-urlencoded', 'username=alice&password=secret'],
    ['plain text', 'text/plain', '{"username":"alice","password":"secret"}'],
    ['an unknown charset', 'application/json; charset=klingon', '{"username":"alice","password":"secret"}'],
  ])('[REST-2] refuses %s', async (_, type, body) => {
    const { url } = await running();
    const response = await fetch(`${url}/api/login`, {
      method: 'POST',
      ...(type !== undefined && { headers: { 'content-type': type } }),
      ...(body !== undefined && { body }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(REQUIRED);
  });

  test.each([
    ['is too long', 'x'.repeat(LIMITS.usernameLength + 1)],
    ['holds a line feed', 'ali\nce'],
    ['holds a NUL', 'alice\u0000'],
    ['holds a C1 control character', 'ali\u0085ce'],
  ])('[REST-2] says so when a username %s', async (_, username) => {
    const { url } = await running();
    const response = await login(url, { username, password: 'secret' });
    expect(response.status).toBe(400);
    const body = (await response.json()) as { error: string; code: string };
    expect(body.code).toBe('invalid_payload');
    expect(body.error).toMatch(/username/i);
    expect(body.error).not.toBe(REQUIRED.error);
  });

  test('[REST-2] takes usernames of any script, 64 characters long', async () => {
    const { url } = await running();
    for (const username of ['Ωμέγα', '山田 太郎', 'x'.repeat(LIMITS.usernameLength), '__proto__', '<b>&"']) {
      const response = await login(url, { username, password: 'secret' });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ user: { username } });
    }
  });

  test('[REST-2] refuses a body over 16 KiB, and goes on serving', async () => {
    const { url } = await running();
    const response = await login(url, { username: 'alice', password: 'x'.repeat(LIMITS.bodyBytes) });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ error: expect.any(String), code: 'payload_too_large' });
    expect((await login(url, { username: 'alice', password: 'secret' })).status).toBe(200);
  });

  test('[REST-3] every error body is {error, code} of the closed list', async () => {
    const { url } = await running();
    const responses = [
      await login(url, {}),
      await login(url, { username: '\n', password: 'x' }),
      await login(url, { username: 'alice', password: 'x'.repeat(20_000) }),
      await fetch(`${url}/api/login`, { method: 'POST', body: '{' }),
    ];
    for (const response of responses) {
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.get('content-type')).toContain('application/json');
      const body = (await response.json()) as Record<string, unknown>;
      expect(Object.keys(body).sort()).toEqual(['code', 'error']);
      expect(ERROR_CODES).toContain(body.code);
    }
  });

  test('[REST-4] a username keeps its id: at each login, on every server, after a restart', async () => {
    const idAt = async (url: string) => {
      const body = (await (await login(url, { username: 'alice', password: String(Math.random()) })).json()) as {
        user: { id: string };
      };
      return body.user.id;
    };
    const [first, second] = [await running(), await running()];
    const id = await idAt(first.url);
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(id).toBe(userIdOf('alice'));
    expect([await idAt(first.url), await idAt(second.url)]).toEqual([id, id]);
  });
});

describe.each(TRANSPORTS)('lists and health, users over %s', (transport) => {
  only(['open'], 'strangers join there only')(
    '[REST-5] GET /api/users knows who logged in and who joined, online or not',
    async () => {
      const { get, login, join, connect } = await stage(transport);
      const ann = await login('ann');
      const ben = await join('ben');
      const stranger = await connect('cleo');
      await stranger.join({ id: 'cleo-of-another-server', username: 'cleo' });
      const gone = await join('dora');
      await ben.next('users_updated', (users) => users.length === 3);
      ben.forget();
      gone.close();
      await ben.next('users_updated');

      const users = (await (await get('/api/users')).json()) as { id: string; username: string; isOnline: boolean }[];
      expect(users.map(({ id, username, isOnline }) => ({ id, username, isOnline }))).toEqual(
        expect.arrayContaining([
          { id: ann.id, username: 'ann', isOnline: false },
          { id: ben.id, username: 'ben', isOnline: true },
          { id: 'cleo-of-another-server', username: 'cleo', isOnline: true },
          { id: gone.id, username: 'dora', isOnline: false },
        ]),
      );
      expect(users).toHaveLength(4);
      for (const user of users) {
        const { lastSeen = new Date().toISOString(), ...rest } = user as typeof user & { lastSeen?: string };
        expect(Object.keys(rest).sort()).toEqual(['id', 'isOnline', 'username']);
        expect(new Date(lastSeen).toISOString()).toBe(lastSeen);
      }
    },
  );

  only(['open'], 'elsewhere nobody sees the socket ids of others (AUTH-9)')(
    '[REST-6] GET /api/online-users has one entry a user, with a socket id',
    async () => {
      const { get, login, join } = await stage(transport);
      await login('offline');
      const alice = await join('alice');
      const tabs = [await join('bob'), await join('bob')];
      const users = (await (await get('/api/online-users')).json()) as { username: string; socketId: string }[];
      expect(users).toHaveLength(2);
      expect(users).toContainEqual({ id: alice.id, username: 'alice', isOnline: true, socketId: alice.socket.id });
      const bob = users.find((user) => user.username === 'bob');
      expect(tabs.map((tab) => tab.socket.id)).toContain(bob?.socketId);
    },
  );

  test('[REST-7] GET /health counts users and calls', async () => {
    const { get, join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    await join('bob');
    alice.send('call_user', { to: bob.id, callType: 'audio', offer: { type: 'offer', sdp: 'v=0' } });
    await bob.next('incoming_call');
    const response = await get('/health');
    expect(response.status).toBe(200);
    const health = (await response.json()) as { timestamp: string };
    expect(health).toEqual({
      status: 'OK',
      timestamp: expect.any(String),
      uptime: expect.any(Number),
      memory: expect.objectContaining({ rss: expect.any(Number) }),
      activeUsers: 2,
      activeCalls: 1,
    });
    expect(Math.abs(Date.parse(health.timestamp) - Date.now())).toBeLessThan(60_000);
  });
});
