import { once } from 'node:events';
import { get, request } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { expectNoProcessFaults } from './process-faults.ts';
import { start } from './start.ts';

expectNoProcessFaults();

const PATIENCE_MS = 3_000;
const LISTED = 'https://app.example';

async function running(origins: '*' | string[]) {
  const server = await start({ origins });
  onTestFinished(() => server.close());
  return server;
}

/** Headers as a browser would send them; `undefined` leaves one out. */
type PageHeaders = { origin?: string | undefined; host?: string | undefined };

const defined = (headers: PageHeaders) =>
  Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** Whether a polling handshake is let in. `fetch` would not send these headers. */
async function pollingPasses(url: string, headers: PageHeaders): Promise<boolean> {
  const handshake = get(`${url}/socket.io/?EIO=4&transport=polling`, {
    headers: defined(headers),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const [response] = await once(handshake, 'response');
  response.setEncoding('utf8');
  let body = '';
  for await (const chunk of response) body += chunk;
  if (response.statusCode !== 200) expect(response.statusCode).toBeGreaterThanOrEqual(400);
  return response.statusCode === 200 && body.startsWith('0{');
}

/** Whether a WebSocket handshake is let in. */
async function webSocketPasses(url: string, headers: PageHeaders): Promise<boolean> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    headers: defined(headers),
    handshakeTimeout: PATIENCE_MS,
  });
  onTestFinished(() => ws.terminate());
  return new Promise((resolve) => {
    ws.once('message', (data) => resolve(String(data).startsWith('0{')));
    ws.once('error', () => resolve(false));
    ws.once('close', () => resolve(false));
  });
}

describe.each([
  ['polling', pollingPasses],
  ['websocket', webSocketPasses],
] as const)('origins over %s', (_, passes) => {
  test.each([
    ['another site', 'https://evil.example'],
    ['a longer name', 'https://app.example.evil.example'],
    ['another scheme', 'http://app.example'],
    ['another port', 'https://app.example:8443'],
    ['an opaque origin', 'null'],
    ['nonsense', 'app.example'],
    ['a list', 'https://app.example, https://evil.example'],
  ])('[HOST-9] a page of %s is refused', async (_, origin) => {
    const { url } = await running([LISTED]);
    expect(await passes(url, { origin })).toBe(false);
  });

  test('[HOST-9] a listed origin passes', async () => {
    const { url } = await running([LISTED]);
    expect(await passes(url, { origin: LISTED })).toBe(true);
  });

  test('[HOST-9] with * every origin passes', async () => {
    const { url } = await running('*');
    expect(await passes(url, { origin: 'https://anything.example' })).toBe(true);
  });

  test('[HOST-9] a client without Origin passes', async () => {
    const { url } = await running([]);
    expect(await passes(url, {})).toBe(true);
  });

  test('[HOST-9] the own origin passes when the host is an IP address or localhost', async () => {
    const { url } = await running([]);
    const { port } = new URL(url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, '192.0.2.7']) {
      expect([host, await passes(url, { host, origin: `http://${host}` })]).toEqual([host, true]);
    }
  });

  test('[HOST-9] the own origin is refused under any other name: DNS rebinding', async () => {
    const { url } = await running([LISTED]);
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'app.example.evil']) {
      expect([host, await passes(url, { host, origin: `http://${host}` })]).toEqual([host, false]);
    }
  });

  test('[HOST-9] [ERR-4] a Host and an Origin that are no URL are refused, and harm nobody', async () => {
    const { url } = await running([]);
    for (const host of ['[', '[::', 'a b', '%', 'x:99999', '@', '\\', '#', '?', '127.0.0.1:x']) {
      expect([host, await passes(url, { host, origin: `http://${host}` })]).toEqual([host, false]);
    }
    expect(await passes(url, {})).toBe(true);
  });

  test('[HOST-9] localhost is no reason for another port or host', async () => {
    const { url } = await running([]);
    const { host } = new URL(url);
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1:1', 'http://127.0.0.2']) {
      expect([origin, await passes(url, { host, origin })]).toEqual([origin, false]);
    }
  });
});

test('[HOST-9] a page that got a session by a GET without Origin cannot send anything: DNS rebinding', async () => {
  const { url } = await running([]);
  const polling = `${url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1));
  const post = (headers: PageHeaders) =>
    new Promise<number | undefined>((resolve) => {
      const options = { method: 'POST', headers: { 'content-type': 'text/plain', ...defined(headers) } };
      request(`${polling}&sid=${sid}`, options, (response) => resolve(response.resume().statusCode)).end('40');
    });
  expect(await post({ host: 'evil.example', origin: 'http://evil.example' })).toBe(400);
  expect(await post({ host: new URL(url).host, origin: url })).toBe(200);
});
