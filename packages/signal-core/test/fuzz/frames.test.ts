import { expect, onTestFinished, test } from 'vitest';
import type { Bystanders } from './bystanders.ts';
import { Dice } from './dice.ts';
import { flood } from './flood.ts';
import { overPolling, overWebSocket } from './fuzz-connection.ts';
import { hostileBytes } from './hostile-bytes.ts';
import { hostileFrame, SEPARATOR } from './hostile-frame.ts';
import { atATime, exchange } from './raw-exchange.ts';
import { fuzzSeed, inputs } from './scale.ts';
import { startServerProcess } from './server-process.ts';
import { trial } from './trial.ts';

const CONNECTIONS = 48;

/** The fuzzers, each with a name of its own. */
function casts({ users, callId }: Bystanders['known']) {
  const all = Array.from({ length: CONNECTIONS }, (_, n) => ({
    self: { id: `mallory-${n}`, username: `mallory ${n}` },
    users: [...users, `mallory-${n ^ 1}`],
    calls: [callId, `call-${n}`],
  }));
  return (worker: number) => all[worker % CONNECTIONS] ?? expect.fail();
}

const greeting = (self: object) => [
  '40',
  `42${JSON.stringify(['join', { ...self, deviceId: 'device', presence: 'none' }])}`,
];

test('[ERR-4] survives random and mutilated messages over WebSocket', async () => {
  const dice = new Dice(fuzzSeed('messages'));
  const server = await startServerProcess({ limits: 'off' });
  onTestFinished(() => server.stop());
  await trial(server, {
    count: inputs(88_000),
    attack: (count, known) => {
      const castOf = casts(known);
      return flood({
        url: server.url,
        open: overWebSocket,
        count,
        connections: CONNECTIONS,
        chunk: 16,
        stride: 1,
        greeting: (worker) => greeting(castOf(worker).self),
        frame: (worker) => hostileFrame(castOf(worker), dice),
      });
    },
  });
}, 240_000);

test('[ERR-4] survives random and mutilated payloads over polling', async () => {
  const dice = new Dice(fuzzSeed('polling payloads'));
  const server = await startServerProcess({ limits: 'off' });
  onTestFinished(() => server.stop());
  await trial(server, {
    count: inputs(2_000),
    attack: (count, known) => {
      const castOf = casts(known);
      return flood({
        url: server.url,
        open: overPolling,
        count,
        connections: 16,
        chunk: 8,
        stride: 8,
        greeting: (worker) => greeting(castOf(worker).self),
        // half packets, and packets behind each other: `spoil` and the separator see to that
        frame: (worker) => hostileFrame(castOf(worker), dice) + (dice.chance(0.1) ? SEPARATOR : ''),
      });
    },
  });
}, 240_000);

test('[ERR-4] survives frames that are no WebSocket frames', async () => {
  const dice = new Dice(fuzzSeed('frames'));
  const server = await startServerProcess({ limits: 'off' });
  onTestFinished(() => server.stop());
  await trial(server, {
    count: inputs(10_000),
    attack: (count, known) => {
      const castOf = casts(known);
      return atATime(64, count, async () => {
        const bytes = hostileBytes(castOf(dice.int(CONNECTIONS)), dice);
        await exchange(server.port, bytes, { how: dice.chance(0.1) ? 'reset' : 'close' });
      });
    },
  });
}, 240_000);
