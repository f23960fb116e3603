import { setTimeout as delay } from 'node:timers/promises';
import { startTestServer, type TestServer } from 'signal-core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CliRunner, lastOf } from './support/cli.js';
import { ServerProcess } from './support/server-process.js';

const cli = new CliRunner();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await cli.close();
  await server.close();
});

const args = ['--users', '60', '--rate', '10/s', '--duration', '1h', '--hold', '1h', '--json'];
const calling = (record: string) => record.includes('"stage":"calling"') && !record.includes('"concurrent":0');

it('[LOAD-10] Ctrl-C ends the calls that live, and the result is written', async () => {
  const running = cli.start(['load', '--url', server.url, ...args]);
  await running.prints(calling);
  const startedAt = performance.now();
  running.kill('SIGINT');
  const result = await running.ended;
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(result.code).toBe(130);
  expect(lastOf(result, 'result')).toMatchObject({
    ok: false,
    exitCode: 130,
    summary: { isInterrupted: true, counters: { failures: {} }, audit: { orphans: [] } },
  });
  expect(await server.signaling.activeCalls()).toEqual([]);
  expect(await server.signaling.onlineUsers()).toEqual([]);
});

it('[LOAD-10] SIGTERM does the same, and exits with 143', async () => {
  const running = cli.start(['load', '--url', server.url, ...args]);
  await running.prints(calling);
  running.kill('SIGTERM');
  const result = await running.ended;
  expect(result.code).toBe(143);
  expect(lastOf(result, 'result')).toMatchObject({ summary: { isInterrupted: true } });
});

it('[LOAD-10] a second Ctrl-C exits at once, with no process left', async () => {
  const frozen = await ServerProcess.start();
  const running = cli.start(['load', '--url', frozen.url, ...args]);
  await running.prints(calling);
  // calls cannot be ended any more
  frozen.freeze();
  running.kill('SIGINT');
  // the second is another one, by rule CLI-10
  await delay(600);
  const startedAt = performance.now();
  running.kill('SIGINT');
  const { code } = await running.ended;
  expect(performance.now() - startedAt).toBeLessThan(1000);
  expect(code).toBe(130);
  await frozen.kill();
});

it('[LOAD-7] a server that goes away is a run that is not complete', async () => {
  const mortal = await ServerProcess.start();
  const running = cli.start(['load', '--url', mortal.url, ...args]);
  await running.prints(calling);
  await mortal.kill();
  const result = await running.ended;
  expect(result.code).toBe(97);
  expect(lastOf(result, 'result')).toMatchObject({ summary: { isInterrupted: false } });
});
