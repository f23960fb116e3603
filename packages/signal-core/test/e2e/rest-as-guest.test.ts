import { createServer } from 'node:http';
import express from 'express';
import { SignalingServer } from 'signal-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { postJson } from './stage.ts';
import { listen, start, stopListening } from './start.ts';

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
    const signaling = new SignalingServer({ auth: 'open', origins: [ALLOWED] });
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
    const url = await listen(server);
    onTestFinished(() => stopListening(server));
    onTestFinished(() => signaling.close());

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
    const signaling = new SignalingServer({ auth: 'open' });
    const app = express();
    app.use('/calls', signaling.router());
    const server = createServer(app);
    const url = await listen(server);
    onTestFinished(() => stopListening(server));
    onTestFinished(() => signaling.close());
    expect((await postJson(`${url}/calls/api/login`, { username: 'alice', password: 'x' })).status).toBe(200);
    expect((await fetch(`${url}/api/users`)).status).toBe(404);
  });

  test('[REST-9] handler() serves the same routes without Express, and answers 404 for the rest', async () => {
    const signaling = new SignalingServer({ auth: 'open' });
    const server = createServer(signaling.handler());
    const url = await listen(server);
    onTestFinished(() => stopListening(server));
    onTestFinished(() => signaling.close());
    expect((await postJson(`${url}/api/login`, { username: 'alice', password: 'x' })).status).toBe(200);
    expect(await getJson(`${url}/api/users`)).toMatchObject([{ username: 'alice', isOnline: false }]);
    expect(await getJson(`${url}/api/online-users`)).toEqual([]);
    expect(await getJson(`${url}/health`)).toMatchObject({ status: 'OK', activeUsers: 0 });
    expect(await (await postJson(`${url}/api/login`, {})).json()).toMatchObject({ code: 'invalid_payload' });
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });

  test('[REST-9] handler() leaves everything else to `next`', async () => {
    const signaling = new SignalingServer({ auth: 'open' });
    const handler = signaling.handler();
    const server = createServer((req, res) => handler(req, res, () => res.end('the host')));
    const url = await listen(server);
    onTestFinished(() => stopListening(server));
    onTestFinished(() => signaling.close());
    expect(await (await fetch(`${url}/other`)).text()).toBe('the host');
    expect(await (await fetch(`${url}/api/other`)).text()).toBe('the host');
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});
