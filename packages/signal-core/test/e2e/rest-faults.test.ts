import { createServer } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import type { Logger } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { createHandler } from '../../src/http/handler.ts';
import { createRouter } from '../../src/http/router.ts';
import { resolveOptions } from '../../src/resolve-options.ts';
import { createMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import { listening, signalingServer } from './guest-steps.ts';
import { postJson } from './stage.ts';

const FAULT = Object.assign(new Error('no route to db.internal'), { status: 404 });
const CREDENTIALS = { username: 'alice', password: 'x' };

/** The REST routes over a user directory that is down, and the errors they log. */
function brokenHouse() {
  const logged: unknown[] = [];
  const silent = () => {};
  const logger: Logger = { debug: silent, info: silent, warn: silent, error: (fields) => logged.push(fields) };
  const stores = createMemoryStores();
  stores.users.remember = () => Promise.reject(FAULT);
  stores.users.list = () => Promise.reject(FAULT);
  const house = compose(resolveOptions({ auth: 'open', logger }), stores);
  house.close();
  return { router: createRouter(house), logged };
}

describe('faults behind the routes', () => {
  const HOSTS = {
    'handler()': createHandler,
    'router()': (router: express.Router) => express().use(router),
  };

  test.each(Object.entries(HOSTS))(
    '[REST-3] %s answers 500 `internal`, tells no more, and logs it',
    async (_, host) => {
      const { router, logged } = brokenHouse();
      const url = await listening(createServer(host(router)));
      for (const response of [await postJson(`${url}/api/login`, CREDENTIALS), await fetch(`${url}/api/users`)]) {
        expect(response.status).toBe(500);
        expect(await response.json()).toEqual({ error: 'the server could not answer this request', code: 'internal' });
      }
      expect(logged).toEqual([
        { err: FAULT, path: '/api/login' },
        { err: FAULT, path: '/api/users' },
      ]);
      expect((await postJson(`${url}/api/login`, {})).status).toBe(400);
    },
  );

  test('[REST-8] errors of the host are left to the host, before our routes and after them', async () => {
    const app = express();
    app.get('/before', () => Promise.reject(new Error('before')));
    app.use(signalingServer().router(), signalingServer().handler());
    app.get(['/after', '/api/login'], () => Promise.reject(new Error('after')));
    const onError: ErrorRequestHandler = (error, _req, res, _next) => void res.status(418).send(error.message);
    app.use(onError);
    const url = await listening(createServer(app));
    for (const [path, message] of [
      ['/before', 'before'],
      ['/after', 'after'],
      ['/api/login', 'after'],
    ]) {
      const response = await fetch(url + path);
      expect([response.status, await response.text()]).toEqual([418, message]);
    }
  });
});

test('[REST-3] [REST-9] handler() without `next` answers 404 as every other error', async () => {
  const url = await listening(createServer(signalingServer().handler()));
  for (const response of [await fetch(`${url}/other`), await fetch(`${url}/api/login`)]) {
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: 'no such route', code: 'invalid_payload' });
  }
});
