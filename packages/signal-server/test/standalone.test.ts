import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Router } from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpApp } from '../src/http-app.ts';
import { createStandaloneServer, resolveConfig, type StandaloneOptions } from '../src/index.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function running(options: Partial<StandaloneOptions> = {}) {
  const server = createStandaloneServer({ auth: 'open', port: 0, host: '127.0.0.1', logger: quiet, ...options });
  onTestFinished(() => server.close());
  return { server, url: await server.listen() };
}

function raw(url: string): Socket {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), allowHalfOpen: true });
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

describe('HTTP', () => {
  test('[SRV-13] a path that is no route answers 404 with a JSON error, and safe headers', async () => {
    const { url } = await running();
    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['POST', '/nope'],
      ['DELETE', '/api/login'],
    ] as const) {
      const response = await fetch(`${url}${path}`, { method });
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: `No such route: ${method} ${path}`, code: 'invalid_payload' });
      expect(response.headers.get('x-powered-by')).toBeNull();
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('[SRV-13] a route that fails answers 500 and a request that cannot be read 400, in JSON that tells nothing of the inside', async () => {
    const logged: string[] = [];
    const routes = Router()
      .get('/fails', () => {
        throw new Error('the inside');
      })
      .get('/names/:name', () => {});
    const server = createServer(
      createHttpApp(routes, { logger: { error: (_fields, message) => logged.push(message) }, isSecure: false }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const url = `http://127.0.0.1:${Object(server.address()).port}`;
    const failed = await fetch(`${url}/fails`);
    expect([failed.status, await failed.json()]).toEqual([500, { error: 'Internal error', code: 'internal' }]);
    const unread = await fetch(`${url}/names/%zz`);
    expect([unread.status, await unread.json()]).toEqual([400, { error: 'Bad request', code: 'invalid_payload' }]);
    expect(logged).toEqual(['request failed']);
  });

  test('[SRV-13] the routes of signal-core answer the origins that are allowed', async () => {
    const { url } = await running({ corsOrigin: ['https://app.example'] });
    const allowed = async (origin: string) =>
      (await fetch(`${url}/health`, { headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await allowed('https://app.example')).toBe('https://app.example');
    expect(await allowed('http://localhost:5173')).toBeNull();
  });

  test('[SRV-12] a client that does not finish its headers is cut off after 8 s', async () => {
    const { url } = await running();
    const socket = raw(url);
    const startedAt = performance.now();
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('408');
    expect(performance.now() - startedAt).toBeGreaterThan(7000);
  });

  test('[SRV-12] at most 64 headers of a request are taken, and 30 s for all of it', async () => {
    const { server, url } = await running();
    let taken = 0;
    server.httpServer.prependListener('request', (request) => {
      taken = Object.keys(request.headers).length;
    });
    const headers = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'y']));
    await fetch(`${url}/health`, { headers });
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThanOrEqual(64);
    expect(server.httpServer.requestTimeout).toBe(30_000);
  });
});

describe('createStandaloneServer', () => {
  test('[SRV-14] wants auth to be said', () => {
    // @ts-expect-error auth is required
    expect(() => createStandaloneServer({})).toThrow(/^auth is required/);
  });

  test.each([
    [{ port: 70_000 }, 'port: 70000 must be a whole number from 0 to 65535'],
    [{ graceMs: '5s' }, "graceMs: '5s' must be a duration"],
    [{ auth: 'tokens' }, "auth: 'tokens' must be one of open, token, passwords"],
    [{ auth: 'passwords' }, 'auth passwords needs a users file: set users'],
    [{ auth: 'passwords', users: 'u.json', secret: 'short-and-hidden' }, 'secret: must be at least 32 bytes'],
    [{ prot: 1 }, 'prot is no option; the options are port, host'],
    [{ logger: 1 }, 'logger'],
  ])('[SRV-14] a wrong option %j throws a TypeError that names it', (wrong, message) => {
    const make = () => createStandaloneServer({ auth: 'open', logger: quiet, ...(wrong as object) });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  test('[SRV-14] takes what resolveConfig decides, and fills in the rest', async () => {
    const { config } = resolveConfig({ flags: { port: '0' }, env: { HOST: '127.0.0.1', SIGNAL_LOG_LEVEL: 'silent' } });
    const server = createStandaloneServer(config);
    onTestFinished(() => server.close());
    expect(await server.listen()).toBe(server.url);
    expect(server.addresses).toEqual(['127.0.0.1']);
    expect(await server.signaling.stats()).toMatchObject({ activeUsers: 0 });
  });

  test('[SRV-14] its url is known once it listens; two calls of listen are one', async () => {
    const server = createStandaloneServer({ auth: 'open', port: 0, logger: quiet });
    onTestFinished(() => server.close());
    expect(() => server.url).toThrow('await listen() first');
    const [one, two] = await Promise.all([server.listen(), server.listen()]);
    expect(one).toBe(two);
    expect(one).toMatch(/^http:\/\/localhost:\d+$/);
  });

  test('[SRV-14] installs no process handlers', async () => {
    const events = ['SIGINT', 'SIGTERM', 'uncaughtException', 'unhandledRejection', 'exit'] as const;
    const counts = () => events.map((event) => process.listenerCount(event));
    const before = counts();
    await running();
    expect(counts()).toEqual(before);
  });

  test('[SRV-14] close is idempotent, frees the port, and ends it for good', async () => {
    const { server, url } = await running();
    await Promise.all([server.close(), server.close()]);
    await server.close();
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(server.httpServer.listening).toBe(false);
    await expect(server.listen()).rejects.toThrow('closed');
    const { port } = new URL(url);
    await running({ port: Number(port) });
  });

  test('[SRV-14] close without listen, and during it', async () => {
    await createStandaloneServer({ auth: 'open', port: 0, logger: quiet }).close();
    const server = createStandaloneServer({ auth: 'open', port: 0, logger: quiet });
    const opening = server.listen();
    await server.close();
    await opening.catch(() => {});
    expect(server.httpServer.listening).toBe(false);
  });

  test('[SRV-15] a request under way when it closes has 1 s to end', async () => {
    const { server, url } = await running();
    const socket = raw(url);
    const body = '{"username": "alice", "password": "x"}';
    const arrived = once(server.httpServer, 'request');
    const head = `POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    socket.write(`${head}\r\n\r\n${body.slice(0, 5)}`);
    await arrived;
    const closed = server.close();
    socket.write(body.slice(5));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
    await closed;
  });

  test('[SRV-15] connections that do not end by themselves are cut 1 s after close', async () => {
    const { server, url } = await running();
    const silent = raw(url);
    await once(silent, 'connect');
    const halfWebSocket = raw(url);
    halfWebSocket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await once(halfWebSocket, 'data');
    halfWebSocket.pause();
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });
});
