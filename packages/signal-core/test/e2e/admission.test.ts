import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { LimitOptions } from 'signal-core';
import { expect, onTestFinished, test } from 'vitest';
import { TRANSPORTS } from './legacy-client.ts';
import { rawConnection } from './raw-connection.ts';
import { stage } from './stage.ts';

const HANDSHAKE = '/socket.io/?EIO=4&transport=polling';

/** What the server says to a handshake: the status, `Retry-After`, and the code of the body. */
async function handshake(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}${HANDSHAKE}`, { headers });
  const text = await response.text();
  const code = text.startsWith('{') ? JSON.parse(text).code : undefined;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), code };
}

/** The same of an upgrade. */
function upgrade(url: string): Promise<number | undefined> {
  const target = new URL('/socket.io/?EIO=4&transport=websocket', url);
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    const upgrading = request(target, { headers });
    const take = (status: number | undefined, socket: Socket) => {
      onTestFinished(() => void socket.destroy());
      resolve(status);
    };
    upgrading.on('upgrade', (response, socket) => take(response.statusCode, socket as Socket));
    upgrading.on('response', (response) => take(response.statusCode, response.socket));
    upgrading.on('error', reject);
    upgrading.end();
  });
}

const limited = (limits: LimitOptions, options = {}) => stage('websocket', { limits, ...options });

test.each(TRANSPORTS)(
  '[LIMIT-8] a full server answers 503 to handshakes, and serves who is there over %s',
  async (transport) => {
    const { url, signaling } = await limited({ connections: 3 });
    const all = [];
    for (let n = 0; n < 3; n += 1) all.push(await rawConnection(url, transport));
    expect(await handshake(url)).toEqual({ status: 503, retryAfter: '5', code: 'unavailable' });
    expect(await upgrade(url)).toBe(503);
    for (const one of all) await one.settle();
    expect((await signaling.stats()).connections).toBe(3);
    all[0]?.send('41');
    await expect.poll(async () => (await handshake(url)).status).toBe(200);
  },
);

test('[LIMIT-8] of 20 handshakes at once into 10 places 10 get in', async () => {
  const { url } = await limited({ connections: 10 });
  const upgrades = await Promise.all(Array.from({ length: 20 }, () => upgrade(url)));
  expect(upgrades.filter((status) => status === 101)).toHaveLength(10);
  expect(upgrades.filter((status) => status === 503)).toHaveLength(10);
});

test('[LIMIT-8] what looks as if it belonged to a connection is a handshake when Engine.IO takes it for one', async () => {
  const { url } = await limited({ connections: 1 });
  await rawConnection(url, 'websocket');
  for (const query of ['&sid=', '&sid=x&sid=']) {
    expect((await fetch(`${url}${HANDSHAKE}${query}`)).status).toBe(503);
  }
  expect((await fetch(`${url}${HANDSHAKE}&sid=unknown`)).status).toBe(400);
});

test('[LIMIT-8] whoever asks in vain and goes away harms nobody', async () => {
  const { url } = await limited({ connections: 1 });
  const there = await rawConnection(url, 'websocket');
  const { port } = new URL(url);
  for (let n = 0; n < 50; n += 1) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`GET ${HANDSHAKE} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    socket.resetAndDestroy();
  }
  await there.settle();
});

test('[LIMIT-8] [LIMIT-11] a limit by address counts the client, and of IPv6 the /64', async () => {
  const { url } = await limited({ connectionsPerAddress: 2 }, { trustProxy: 1 });
  const from = (address: string) => handshake(url, { 'x-forwarded-for': address });
  expect((await from('2001:db8::1')).status).toBe(200);
  expect((await from('2001:db8::2:1')).status).toBe(200);
  expect(await from('2001:db8::3')).toEqual({ status: 429, retryAfter: '5', code: 'rate_limited' });
  expect((await from('2001:db8:0:1::1')).status).toBe(200);
  for (const status of [200, 200, 429]) expect((await from('203.0.113.9')).status).toBe(status);
});

test('[LIMIT-8] by address: a connection that is closed makes room', async () => {
  const { url } = await limited({ connectionsPerAddress: 1 });
  const one = await rawConnection(url, 'websocket');
  expect((await handshake(url)).status).toBe(429);
  one.close();
  await expect.poll(async () => (await handshake(url)).status).toBe(200);
});

test('[LIMIT-8] without a limit by address there is none', async () => {
  const { url } = await limited('standard');
  for (let n = 0; n < 50; n += 1) expect((await handshake(url)).status).toBe(200);
});
