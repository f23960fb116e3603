import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignalingServer } from 'signal-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Population } from '../src/driver/population.js';
import { runCalls } from '../src/driver/run-calls.js';

/** What comes out of the proxy for a message of the server. */
type Bug = (message: string) => string[];

let signaling: SignalingServer;
let server: Server;
let proxy: WebSocketServer | undefined;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  signaling = new SignalingServer({ auth: 'open' });
  signaling.attach(server);
});

afterEach(async () => {
  for (const socket of proxy?.clients ?? []) socket.terminate();
  proxy?.close();
  await signaling.close();
  server.close();
});

// A server that listens on TCP has an AddressInfo.
const portOf = (listening: { address(): unknown }) => (listening.address() as AddressInfo).port;

/** Stands between clients and the real server, with a planted bug in what the server says. */
async function startProxy(bug: Bug): Promise<number> {
  proxy = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  proxy.on('connection', (client, request) => {
    const upstream = new WebSocket(`ws://127.0.0.1:${portOf(server)}${request.url}`);
    const open = once(upstream, 'open');
    client.on('message', async (data) => {
      await open;
      upstream.send(String(data));
    });
    client.on('close', () => upstream.terminate());
    upstream.on('message', (data) => {
      for (const text of bug(String(data))) client.send(text);
    });
  });
  await once(proxy, 'listening');
  return portOf(proxy);
}

async function callsThrough(bug: Bug, stuckAfterMs = 10_000) {
  const population = new Population();
  const port = await startProxy(bug);
  await population.join({ protocol: 'signaling-2', port, users: 4, atOnce: 2, limitMs: 10_000 });
  return runCalls(population.clients, { atOnce: 2, calls: 2, limitMs: 10_000, stuckAfterMs });
}

const isBatch = (message: string) => message.startsWith('42["ice_candidates"');
const candidate = (index: number) => new RegExp(`,?\\{"candidate":"candidate:${842163049 + index} [^}]*\\}`);
/** Changes the batch that holds the third candidate of a side. */
const inBatch =
  (change: (message: string) => string): Bug =>
  (message) => [isBatch(message) && candidate(2).test(message) ? change(message) : message];

it.each<[string, Bug]>([
  ['loses one of a batch', inBatch((message) => message.replace(candidate(2), ''))],
  ['doubles one of a batch', inBatch((message) => message.replace(candidate(2), (text) => text + text))],
  [
    'swaps two of a batch',
    inBatch((message) => message.replace(/(,\{[^}]*50002 typ[^}]*\})(,\{[^}]*50003 typ[^}]*\})/, '$2$1')),
  ],
  ['changes one of a batch', inBatch((message) => message.replace('50002 typ', '50009 typ'))],
  ['repeats a batch', (message) => (isBatch(message) ? [message, message] : [message])],
  [
    'sends an empty batch, too',
    (message) =>
      isBatch(message) && candidate(0).test(message) ? [message, '42["ice_candidates",{"candidates":[]}]'] : [message],
  ],
  ['refuses a batch', (message) => [message.replace(/^43(\d)\[\{"ok":true/, '43$1[{"ok":false')]],
  ['acknowledges twice', (message) => (message.startsWith('433[') ? [message, message] : [message])],
])('[BENCH-4] a call of a batching client through a proxy that %s does not count', async (_name, bug) => {
  const result = await callsThrough(bug);
  expect(result).toMatchObject({ completed: 0, failed: 2 });
  expect(result.firstFault).not.toBe('a message never arrived');
});

it('[BENCH-4] nor does one of which a message is never acknowledged', async () => {
  const result = await callsThrough((message) => (message.startsWith('434[') ? [] : [message]), 1_000);
  expect(result).toMatchObject({ completed: 0, failed: 2, firstFault: 'a message never arrived' });
});

it('[BENCH-4] through the same proxy without a bug it does', async () => {
  expect(await callsThrough((message) => [message])).toMatchObject({ completed: 2, failed: 0 });
});
