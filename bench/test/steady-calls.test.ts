import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { onSchedule } from '../src/driver/on-schedule.js';
import { Population } from '../src/driver/population.js';
import { SteadyCalls } from '../src/driver/steady-calls.js';

const NEVER = new AbortController().signal;

let relay: WebSocketServer | undefined;

afterEach(() => {
  for (const socket of relay?.clients ?? []) socket.terminate();
  relay?.close();
});

/** A relay that treats candidates as `bug` says. */
async function startRelay(bug: (candidate: string) => string[]): Promise<number> {
  const sockets = new Map<string, WebSocket>();
  relay = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  relay.on('connection', (socket, request) => {
    sockets.set(new URL(request.url ?? '', 'ws://localhost').searchParams.get('id') ?? '', socket);
    socket.on('message', (data) => {
      const message = String(data);
      const messages = message.includes('"candidate"') ? bug(message) : [message];
      for (const text of messages) sockets.get(JSON.parse(message).to)?.send(text);
    });
    socket.send('{"type":"joined"}');
  });
  await once(relay, 'listening');
  // A server that listens on TCP has an AddressInfo.
  return (relay.address() as AddressInfo).port;
}

async function candidatesThrough(bug: (candidate: string) => string[]) {
  const population = new Population();
  const port = await startRelay(bug);
  await population.join({ protocol: 'ws-relay', port, users: 4, atOnce: 1, limitMs: 10_000 });
  const calls = new SteadyCalls();
  await calls.establish(population.clients);
  return calls.run({ perSecond: 200, durationMs: 200 }, NEVER);
}

const isThird = (message: string) => message.includes(' 50002 typ ');

describe('candidates of steady calls', () => {
  it('[BENCH-6] are all counted', async () => {
    expect(await candidatesThrough((message) => [message])).toMatchObject({ candidates: 40, missing: 0 });
  });

  it('[BENCH-6] that do not arrive count with the time that they had', async () => {
    let left = 10;
    const result = await candidatesThrough((message) => (left-- > 0 ? [message] : []));
    expect(result).toMatchObject({ candidates: 40, missing: 30 });
    expect(result.candidateMs.max).toBeGreaterThan(2_000);
    expect(result.candidateMs.p50).toBeGreaterThan(1_000);
  });

  it.each<[string, (message: string) => string[]]>([
    ['is lost before others', (message) => (isThird(message) ? [] : [message])],
    ['comes twice', (message) => (isThird(message) ? [message, message] : [message])],
    ['is changed', (message) => [isThird(message) ? message.replace('192.0.2.17', '192.0.2.18') : message]],
  ])('[BENCH-6] give no figure when one %s', async (_name, bug) => {
    await expect(candidatesThrough(bug)).rejects.toThrow('lost, repeated, changed or out of order');
  });
});

describe('an open schedule', () => {
  it('[BENCH-7] makes up for a stall, and tells how late it was', async () => {
    const fired: number[] = [];
    const startedAt = performance.now();
    const late = await onSchedule(
      { perSecond: 100, durationMs: 300 },
      () => {
        fired.push(performance.now() - startedAt);
        const until = performance.now() + (fired.length === 5 ? 100 : 0);
        while (performance.now() < until);
      },
      NEVER,
    );
    expect(fired).toHaveLength(30);
    expect(Math.max(...late)).toBeGreaterThan(80);
    for (const [index, at] of fired.entries()) expect(at).toBeGreaterThanOrEqual(index * 10);
  });

  it('[BENCH-7] ends when it is halted', async () => {
    const halt = new AbortController();
    let fired = 0;
    await onSchedule({ perSecond: 1_000, durationMs: 60_000 }, () => ++fired === 3 && halt.abort(), halt.signal);
    expect(fired).toBe(3);
  });
});
