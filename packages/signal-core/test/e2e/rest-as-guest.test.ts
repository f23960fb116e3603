import { createServer, IncomingMessage } from 'node:http';
import express from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listening, signalingServer } from './guest-steps.ts';
import { postJson } from './stage.ts';
import { start } from './start.ts';

const ALLOWED = 'http://localhost:5173';

const getJson = async (url: string): Promise<unknown> => (await fetch(url)).json();

describe('the REST part as a guest', () => {
  test('[REST-8] allowed origins get CORS answers, others none', async () => {
    const { url, close } = await start({ origins: [ALLOWED] });
    onTestFinished(close);
    for (const path of ['/api/users', '/api/online-users', '/health']) {
      const allowed = await fetch(url + path, { headers: { origin: ALLOWED } });
      expect(allowed.headers.get('access-control-allow-origin')).toBe(ALLOWED);
      const other = await fetch(url + path, { headers: { origin: 'https://evil.example' } });
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
    }
    const preflight = await fetch(`${url}/api/login`, {
      method: 'OPTIONS',
      headers: {
        origin: ALLOWED,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.ok).toBe(true);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/content-type/i);
  });

  test('[REST-8] the host keeps its headers, its bodies and its own /api routes', async () => {
    const signaling = signalingServer({ origins: [ALLOWED] });
    const app = express();
    app.use(signaling.router());
    app.post('/api/upload', (req, res) => {
      let bytes = 0;
      req.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      req.on('end', () => res.json({ bytes, parsed: req.body !== undefined }));
    });
    const server = createServer(app);
    const url = await listening(server);

    const response = await fetch(`${url}/api/upload`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ALLOWED },
      body: JSON.stringify({ file: 'x'.repeat(50_000) }),
    });
    expect(await response.json()).toEqual({ bytes: 50_011, parsed: false });
    const headers = [...response.headers.keys()].filter((name) => /^access-control|^vary$/.test(name));
    expect(headers).toEqual([]);
  });

  test('[REST-8] the router works under a prefix', async () => {
    const signaling = signalingServer();
    const app = express();
    app.use('/calls', signaling.router());
    const server = createServer(app);
    const url = await listening(server);
    expect((await postJson(`${url}/calls/api/login`, { username: 'alice', password: 'x' })).status).toBe(200);
    expect((await fetch(`${url}/api/users`)).status).toBe(404);
  });

  test('[REST-9] handler() serves the same routes without Express, and answers 404 for the rest', async () => {
    const signaling = signalingServer();
    const server = createServer(signaling.handler());
    const url = await listening(server);
    expect((await postJson(`${url}/api/login`, { username: 'alice', password: 'x' })).status).toBe(200);
    expect(await getJson(`${url}/api/users`)).toMatchObject([{ username: 'alice', isOnline: false }]);
    expect(await getJson(`${url}/api/online-users`)).toEqual([]);
    expect(await getJson(`${url}/health`)).toMatchObject({ status: 'OK', activeUsers: 0 });
    expect(await (await postJson(`${url}/api/login`, {})).json()).toMatchObject({ code: 'invalid_payload' });
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });

  test('[REST-9] handler() leaves everything else to `next`', async () => {
    const signaling = signalingServer();
    const handler = signaling.handler();
    const server = createServer((req, res) => handler(req, res, () => res.end('the host')));
    const url = await listening(server);
    expect(await (await fetch(`${url}/other`)).text()).toBe('the host');
    expect(await (await fetch(`${url}/api/other`)).text()).toBe('the host');
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test('[REST-8] a host that parses bodies itself, before the router, changes nothing', async () => {
    const signaling = signalingServer();
    const app = express();
    app.use(express.json(), signaling.router());
    const server = createServer(app);
    const url = await listening(server);
    expect((await postJson(`${url}/api/login`, { username: 'alice', password: 'x' })).status).toBe(200);
    expect((await postJson(`${url}/api/login`, { username: 'alice' })).status).toBe(400);
  });

  test('[HOST-2] [REST-9] handler() hands the host’s requests on as they came', async () => {
    class OwnRequest extends IncomingMessage {
      readonly greeting = () => `hello ${this.url}`;
      get isOwn() {
        return true;
      }
    }
    const signaling = signalingServer();
    const handler = signaling.handler();
    const server = createServer({ IncomingMessage: OwnRequest }, (req, res) => {
      const [request, response] = [Object.getPrototypeOf(req), Object.getPrototypeOf(res)];
      handler(req, res, () => {
        const same = Object.getPrototypeOf(req) === request && Object.getPrototypeOf(res) === response;
        res.end(`${req.greeting()}, ${req.isOwn}, ${same}`);
      });
    });
    const url = await listening(server);
    expect(await (await fetch(`${url}/mine`)).text()).toBe('hello /mine, true, true');
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test('[HOST-2] [REST-9] handler() as a middleware leaves the settings of the host’s Express app in force', async () => {
    const signaling = signalingServer();
    const app = express().set('json spaces', 2);
    app.use(signaling.handler());
    app.get('/mine', (req, res) => res.json({ sameApp: req.app === app }));
    const server = createServer(app);
    const url = await listening(server);
    expect(await (await fetch(`${url}/mine`)).text()).toBe('{\n  "sameApp": true\n}');
  });
});
