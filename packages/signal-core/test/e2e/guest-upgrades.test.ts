import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestOptions, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import express from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectCall, listening, signalingServer } from './guest-steps.ts';
import { expectNoProcessFaults } from './process-faults.ts';

expectNoProcessFaults();

const LARGE = 'x'.repeat(8 * 1024 * 1024);
/** What java.net.http sends with each first request to a server. */
const H2C = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAEAAEAAAAIAAAAB' };
const WEBSOCKET = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };

/** Encrypted without a certificate. */
const PSK = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;
const psk = Buffer.alloc(16, 7);

/** The host’s own requests, whatever they carry. */
function app() {
  const own = express();
  own.get('/large', (_, res) => res.send(LARGE));
  own.post('/echo', async (req, res) => res.send(await text(req)));
  own.get('/headers', (req, res) => res.json({ upgrade: req.headers.upgrade, two: req.headers['x-two'] }));
  return own;
}

const HOSTS: [string, () => Server, RequestOptions][] = [
  ['http', () => createServer(app()), {}],
  [
    'https',
    () => createTlsServer({ ...PSK, pskCallback: () => psk }, app()),
    {
      createConnection: ({ port }) =>
        connectTls({
          ...PSK,
          port: Number(port),
          host: '127.0.0.1',
          pskCallback: () => ({ psk, identity: 'guest' }),
          checkServerIdentity: () => undefined,
        }),
    },
  ],
];

/** One request, sent as the options say; `body` after a `100 Continue`, if one is awaited. */
async function ask(url: string, options: RequestOptions, body?: string) {
  const req = request(url, { createConnection: ({ port }) => connect(Number(port), '127.0.0.1'), ...options });
  onTestFinished(() => void req.destroy());
  const response = once(req, 'response') as Promise<[IncomingMessage]>;
  if (options.headers !== undefined && 'expect' in options.headers) {
    req.flushHeaders();
    await once(req, 'continue');
  }
  req.end(body);
  const [res] = await response;
  return { status: res.statusCode, connection: res.headers.connection, body: await text(res) };
}

describe.each(HOSTS)('upgrades that nobody listens for, over %s', (_, createHost, options) => {
  test.each([
    ['h2c', H2C],
    ['websocket', WEBSOCKET],
  ])('[HOST-2] [HOST-3] a request that offers %s is answered as a plain one, and closed', async (upgrade, headers) => {
    const server = createHost();
    const url = await listening(server);
    signalingServer().attach(server);
    const get = { ...options, headers: { ...headers, 'x-two': ['a', 'é'] } };
    const post = { ...options, headers, method: 'POST' };

    expect(await ask(`${url}/echo`, post, 'hello')).toEqual({ status: 200, connection: 'close', body: 'hello' });
    expect((await ask(`${url}/echo`, post, LARGE)).body === LARGE).toBe(true);
    expect((await ask(`${url}/large`, get)).body === LARGE).toBe(true);
    expect(JSON.parse((await ask(`${url}/headers`, get)).body)).toEqual({ upgrade, two: 'a, é' });
    expect((await ask(`${url}/unknown`, get)).status).toBe(404);
  });
});

describe('upgrades that nobody listens for', () => {
  test('[HOST-3] our own REST part answers them too', async () => {
    const signaling = signalingServer();
    const server = createServer(signaling.handler());
    const url = await listening(server);
    signaling.attach(server);
    const headers = { ...H2C, 'content-type': 'application/json' };
    const login = JSON.stringify({ username: 'alice', password: 'x' });
    expect((await ask(`${url}/api/login`, { method: 'POST', headers }, login)).status).toBe(200);
    await expectCall(url, 'websocket');
  });

  test('[HOST-3] one that insists, by `Proxy-Connection`, is answered once', async () => {
    let answered = 0;
    const server = createServer((_, res) => {
      answered += 1;
      res.end('the host');
    });
    const url = await listening(server);
    signalingServer().attach(server);
    const headers = { ...WEBSOCKET, 'proxy-connection': 'upgrade' };
    expect((await ask(`${url}/`, { headers })).body).toBe('the host');
    expect(answered).toBe(1);
  });

  test('[HOST-3] one behind an unanswered request, or reset at once, ends nothing', async () => {
    const server = createServer((req, res) => void setTimeout(() => res.end(`the host at ${req.url}`), 20));
    const url = await listening(server);
    signalingServer().attach(server);
    for (const before of ['', 'GET /before HTTP/1.1\r\nHost: x\r\n\r\n']) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      const accepted = once(server, 'request');
      socket.write(`${before}GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
      await accepted;
      socket.resetAndDestroy();
    }
    expect((await ask(`${url}/after`, {})).body).toBe('the host at /after');
  });
});

describe('requests with an `Expect` header', () => {
  test('[HOST-1] a host that checks them itself does not see ours, and gets its own', async () => {
    const seen: string[] = [];
    const server = createServer();
    const answer = (req: IncomingMessage) => seen.push(`${req.headers.expect} ${req.url}`);
    server.on('checkContinue', (req, res) => {
      answer(req);
      res.writeContinue();
      res.end('the host');
    });
    server.on('checkExpectation', (req, res) => {
      answer(req);
      res.end('the host');
    });
    const url = await listening(server);
    signalingServer().attach(server);

    const waiting = { method: 'POST', headers: { expect: '100-continue' } };
    const wishing = { headers: { 'x-wish': 'none', Expect: 'a-pony' } };
    expect((await ask(`${url}/own`, waiting, 'hello')).body).toBe('the host');
    expect((await ask(`${url}/own`, wishing)).body).toBe('the host');
    const opened = await ask(`${url}/socket.io/?EIO=4&transport=polling`, wishing);
    expect(opened).toMatchObject({ status: 200, body: expect.stringMatching(/^0\{/) });
    const { sid } = JSON.parse(opened.body.slice(1)) as { sid: string };
    const posted = await ask(`${url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, waiting, '40');
    expect(posted).toMatchObject({ status: 200, body: 'ok' });
    expect(seen).toEqual(['100-continue /own', 'a-pony /own']);
  });
});
