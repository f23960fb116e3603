import { createServer, type IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { createMemoryStores } from 'signal-core';
import { startTestServer } from 'signal-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bearing, CLOSED, FROM_AFAR, login, serving } from './rest-steps.ts';

const LIFE = { status: 'OK', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) };
const INSIDE = {
  ...LIFE,
  uptime: expect.any(Number),
  memory: expect.objectContaining({ rss: expect.any(Number) }),
  activeUsers: 0,
  activeCalls: 0,
};

const health = async (url: string, headers: Record<string, string> = {}): Promise<unknown> =>
  (await fetch(`${url}/health`, { headers })).json();

test('[REST-7] [AUTH-10] in `open` everybody is told everything', async () => {
  const { url } = await serving();
  expect(await health(url)).toEqual(INSIDE);
  expect(await health(url, FROM_AFAR)).toEqual(INSIDE);
});

describe.each(CLOSED)('GET /health in the mode %s', (mode, auth) => {
  test('[AUTH-10] tells this machine everything', async () => {
    const { url } = await serving({ auth });
    expect(await health(url)).toEqual(INSIDE);
  });

  test.each([
    [{ forwarded: 'for=127.0.0.1' }],
    [{ 'x-forwarded-for': '127.0.0.1' }],
    [{ 'x-forwarded-proto': 'https' }],
    [{ 'x-forwarded-host': 'localhost' }],
  ])('[AUTH-10] tells who comes over a proxy of this machine that it runs: %j', async (headers) => {
    for (const trustProxy of [0, 1]) {
      const { url } = await serving({ auth, trustProxy });
      expect(await health(url, headers)).toEqual(LIFE);
    }
  });

  test('[AUTH-10] tells who shows credentials everything, and of wrong ones only that it runs', async () => {
    const { url } = await serving({ auth });
    const body = (await (await login(url, 'alice', 'ecila')).json().catch(() => ({}))) as { token?: string };
    const token = mode === 'token' ? '/alice' : (body.token ?? '');
    expect(await health(url, bearing(token, FROM_AFAR).headers)).toEqual(INSIDE);
    expect(await health(url, bearing('nonsense', FROM_AFAR).headers)).toEqual(LIFE);
  });
});

test('[AUTH-10] another machine is told that it runs', async (context) => {
  const here = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  if (here === undefined) return context.skip('this machine has no address but loopback');
  const { signaling, close } = await startTestServer({ auth: { verifyToken: () => null } });
  onTestFinished(close);
  const server = createServer(signaling.handler());
  await new Promise<void>((resolve) => server.listen(0, here.address, resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  expect(await health(`http://${here.address}:${port}`)).toEqual(LIFE);
});

test('[AUTH-10] does not fail because nobody can tell who asks', async () => {
  const authenticate = () => Promise.reject(new Error('no database'));
  const { url } = await serving({ auth: { authenticate } });
  const response = await fetch(`${url}/health`, { headers: { ...FROM_AFAR, cookie: 'a=b' } });
  expect([response.status, await response.json()]).toEqual([200, LIFE]);
});

test('[AUTH-10] asks the host only about those who show something', async () => {
  const asked: unknown[] = [];
  const authenticate = async ({ headers }: IncomingMessage) => {
    asked.push(headers.cookie ?? headers.authorization);
    return null;
  };
  const { url } = await serving({ auth: { authenticate } });
  expect(await health(url, FROM_AFAR)).toEqual(LIFE);
  expect(asked).toEqual([]);
  for (const shown of [{ cookie: 'a=b' }, { authorization: 'Basic Og==' }]) {
    expect(await health(url, { ...FROM_AFAR, ...shown })).toEqual(LIFE);
  }
  expect(asked).toEqual(['a=b', 'Basic Og==']);
});

test('[REST-7] a store that is away takes only the number of calls', async () => {
  const stores = createMemoryStores();
  let isAway = true;
  const scopes = () => (isAway ? Promise.reject(new Error('away')) : stores.scopes());
  const { url } = await serving({ stores: { ...stores, scopes } });
  const response = await fetch(`${url}/health`);
  isAway = false;
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ ...INSIDE, activeCalls: null });
});
