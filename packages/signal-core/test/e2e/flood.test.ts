import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ScriptedClient } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startServerProcess } from '../fuzz/server-process.ts';
import { talk } from './call-steps.ts';
import { candidate } from './session-descriptions.ts';

const FLOODERS = fileURLToPath(new URL('./flooders.mjs', import.meta.url));
const SECONDS = process.env.TEST_SCALE === 'full' ? 10 : 3;
/** Between two candidates of the polite client, which keeps to its 50 a second. */
const EVERY_MS = 21;
/** Machines have other things to do: what is faster than this is as good. */
const FLOOR_MS = 2;

/** A call over the server, and how long a candidate takes from one end to the other. */
async function politeCall(url: string) {
  const join = async (name: string) => {
    const client = await new ScriptedClient({ url, transport: 'websocket', name }).connect();
    onTestFinished(() => client.close());
    await client.join({ id: name, username: name, deviceId: 'one' });
    return client;
  };
  const [alice, bob] = [await join('alice'), await join('bob')];
  await talk(alice, bob);
  let sent = 0;
  /** @returns the 99th percentile, in milliseconds */
  return async (seconds: number): Promise<number> => {
    const latencies: number[] = [];
    for (const end = performance.now() + seconds * 1_000; performance.now() < end; ) {
      sent += 1;
      const { candidate: line, ...rest } = candidate(sent);
      const since = performance.now();
      alice.send('ice_candidate', { to: bob.id, candidate: { candidate: line, ...rest } });
      await bob.next('ice_candidate', (got) => got.candidate?.candidate === line);
      latencies.push(performance.now() - since);
      await pause(EVERY_MS);
    }
    latencies.sort((a, b) => a - b);
    return latencies[Math.ceil(latencies.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
  };
}

test('[LIMIT-3] three clients that flood the server hardly slow down one that does not', async () => {
  // so many candidates are no generation of a call, but that is not what is measured
  const server = await startServerProcess({ limits: { profile: 'standard', candidatesPerGeneration: 10_000 } });
  onTestFinished(() => server.stop());
  const p99 = await politeCall(server.url);
  await p99(1);
  const before = await p99(SECONDS);

  const flooders = fork(FLOODERS, [server.url, '3'], { execArgv: [], env: { PATH: process.env.PATH } });
  onTestFinished(() => void flooders.kill('SIGKILL'));
  const meanwhile = await p99(SECONDS);
  flooders.send('how many?');
  const [{ sent, connections }] = (await once(flooders, 'message')) as [{ sent: number; connections: number }];
  process.stdout.write(
    `flood: candidate p99 ${before.toFixed(1)} ms before, ${meanwhile.toFixed(1)} ms meanwhile; ` +
      `${sent} frames over ${connections} connections in ${SECONDS} s\n`,
  );
  expect(connections).toBeGreaterThan(3);
  expect(meanwhile).toBeLessThan(5 * Math.max(before, FLOOR_MS));
}, 60_000);
