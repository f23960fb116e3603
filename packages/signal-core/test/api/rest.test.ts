import { createMemoryStores } from 'signal-core';
import { FakeClock, ScriptedClient, type TestServerOptions } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { bearing, FROM_AFAR, login, passwords, serving, verifyToken } from '../e2e/rest-steps.ts';
import { documentedAnswers, judgeAnswer } from './rest-witness.ts';

const LISTS = ['/api/users', '/api/online-users', '/api/ice-servers'];
const EVERYTHING = [...LISTS, '/health', '/metrics'];
const fault = () => Promise.reject(new Error('no database'));

type Ask = (url: string) => Promise<Response>[] | Promise<Promise<Response>[]>;

const gets =
  (paths: string[], init: RequestInit = {}): Ask =>
  (url) =>
    paths.map((path) => fetch(url + path, init));

/** A server whose clock has passed the life of a token. */
const lapsing = new FakeClock();
const stores = createMemoryStores();

/** Servers in every state that an answer depends on. */
const SCENES: Record<string, [options: TestServerOptions, ask: Ask]> = {
  'open to everybody, with somebody online': [
    { metrics: true, turn: { urls: ['turn:turn.example'], secret: 'shared' } },
    async (url) => {
      const alice = await new ScriptedClient({ url, transport: 'websocket', name: 'alice' }).connect();
      onTestFinished(() => alice.close());
      await alice.join({ id: 'alice', username: 'Alice' });
      await login(url, 'bob', 'x');
      return [login(url, 'carol', 'x'), ...EVERYTHING.map((path) => fetch(url + path))];
    },
  ],
  'without metrics': [{}, gets(['/metrics'])],
  'where the host logs in': [{ auth: { verifyToken } }, (url) => [login(url, 'alice', 'ecila')]],
  'asked for too much': [
    {},
    (url) => [login(url, 'alice', 'x'.repeat(20_000)), login(url, '', 'x'), login(url, 'a\nb', 'x')],
  ],
  'in passwords': [
    { auth: { passwords }, metrics: true, trustProxy: 1 },
    async (url) => {
      const { token } = Object(await (await login(url, 'alice', 'ecila')).json());
      return [
        login(url, 'alice', 'wrong'),
        login(url, 'bob', 'bob'.split('').reverse().join('')),
        ...EVERYTHING.flatMap((path) => [
          fetch(url + path, { headers: FROM_AFAR }),
          fetch(url + path, bearing(token, FROM_AFAR)),
        ]),
      ];
    },
  ],
  'shown a token that has lapsed': [
    { auth: { passwords: { ...passwords, tokenTtlMs: 60_000 } }, metrics: true, trustProxy: 1, clock: lapsing },
    async (url) => {
      const { token } = Object(await (await login(url, 'alice', 'ecila')).json());
      await lapsing.advance(120_000);
      return [...LISTS, '/metrics'].map((path) => fetch(url + path, bearing(token, FROM_AFAR)));
    },
  ],
  'asked too often': [
    { limits: { requestsPerMinuteByAddress: 1, loginsPerMinuteByName: 1 } },
    async (url) => {
      await Promise.all([login(url, 'alice', 'x'), fetch(`${url}/api/users`)]);
      return [login(url, 'alice', 'x'), ...LISTS.map((path) => fetch(url + path))];
    },
  ],
  'that cannot tell who asks': [
    { auth: { verifyToken: fault }, metrics: true, trustProxy: 1 },
    gets([...LISTS, '/metrics'], bearing('x', FROM_AFAR)),
  ],
  'that cannot check passwords': [
    { auth: { passwords: { ...passwords, check: fault } } },
    (url) => [login(url, 'alice', 'ecila')],
  ],
  'whose store is broken': [
    { stores: { ...stores, users: { ...stores.users, list: fault, remember: fault } } },
    (url) => [login(url, 'alice', 'x'), fetch(`${url}/api/users`)],
  ],
};

/** A fault behind these would be one of our own code. */
const NOT_TO_BE_HAD = ['get /api/online-users 500 internal', 'get /api/ice-servers 500 internal'];

test('[API-4] a real server gives every answer of openapi.json, and no other', async () => {
  const seen = new Set<string>();
  for (const [scene, [options, ask]] of Object.entries(SCENES)) {
    const { url } = await serving(options);
    for (const response of await Promise.all(await ask(url))) {
      const method = response.url.endsWith('/api/login') ? 'post' : 'get';
      const { line, problems } = await judgeAnswer(method, response);
      expect([scene, line, ...problems]).toEqual([scene, line]);
      seen.add(line);
    }
  }
  const documented = documentedAnswers(({ tags }) => !tags.includes('probes'));
  expect([...seen].sort()).toEqual(documented.filter((line) => !NOT_TO_BE_HAD.includes(line)).sort());
});
