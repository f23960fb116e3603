import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Population } from '../src/driver/population.js';
import { runCalls } from '../src/driver/run-calls.js';

let relay: WebSocketServer | undefined;

afterEach(() => {
  for (const socket of relay?.clients ?? []) socket.terminate();
  relay?.close();
});

/** A relay with a planted bug: what goes in comes out as `bug` says, as any number of messages. */
async function startRelay(bug: (message: string) => string[]): Promise<number> {
  const sockets = new Map<string, WebSocket>();
  relay = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  relay.on('connection', (socket, request) => {
    sockets.set(new URL(request.url ?? '', 'ws://localhost').searchParams.get('id') ?? '', socket);
    socket.on('message', (data) => {
      const message = String(data);
      for (const text of bug(message)) sockets.get(JSON.parse(message).to)?.send(text);
    });
    socket.send('{"type":"joined"}');
  });
  await once(relay, 'listening');
  // A server that listens on TCP has an AddressInfo.
  return (relay.address() as AddressInfo).port;
}

async function callsThrough(bug: (message: string) => string[]) {
  const population = new Population();
  const port = await startRelay(bug);
  await population.join({ protocol: 'ws-relay', port, users: 4, atOnce: 2, limitMs: 10_000 });
  return runCalls(population.clients, { atOnce: 2, calls: 2, limitMs: 10_000 });
}

const isThird = (message: string) => message.includes(' 50002 typ ');
let held = '';

it.each<[string, (message: string) => string[]]>([
  ['loses a candidate', (message) => (isThird(message) ? [] : [message])],
  ['doubles a candidate', (message) => (isThird(message) ? [message, message] : [message])],
  [
    'swaps two candidates',
    (message) => {
      if (isThird(message)) {
        held = message;
        return [];
      }
      return message.includes(' 50003 typ ') ? [message, held] : [message];
    },
  ],
  ['changes a candidate', (message) => [isThird(message) ? message.replace('192.0.2.17', '192.0.2.18') : message]],
  ['cuts a description', (message) => [message.replace('a=rtpmap:96', '')]],
  ['ends a call early', (message) => [isThird(message) ? '{"type":"end"}' : message]],
])('[BENCH-1] a call through a relay that %s does not count', async (_name, bug) => {
  const result = await callsThrough(bug);
  expect(result).toMatchObject({ completed: 0, failed: 2 });
  expect(result.firstFault).toBeTypeOf('string');
});

it('[BENCH-1] the same relay without a bug completes them', async () => {
  expect(await callsThrough((message) => [message])).toMatchObject({ completed: 2, failed: 0 });
});
