import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnLoopback, startTestServer, type TestServer } from 'signal-core/testing';
import { Server } from 'socket.io';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CliRunner, lastOf } from './support/cli.js';

const cli = new CliRunner();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ presenceGraceMs: 20_000 });
});
afterAll(async () => {
  await cli.close();
  await server.close();
});

const as = (user: string, ...args: string[]) => cli.start([...args, '--json', '--user', user, '--url', server.url]);

it('[CLI-10] Ctrl-C in a call hangs up, leaves and exits 130', async () => {
  const robot = as('bob', 'answer', '--count', '1');
  await robot.says({ type: 'ready' });
  const caller = as('alice', 'call', 'bob', '--hold', '1h');
  await robot.says({ event: 'accept_call' });
  await caller.hearsEveryCandidate();
  caller.kill('SIGINT');
  const result = await caller.ended;
  expect(lastOf(result, 'result')).toMatchObject({ ok: false, exitCode: 130, outcome: 'interrupted' });
  expect(result.records.map(({ event }) => event)).toContain('leave');
  expect(result.code).toBe(130);
  const answered = await robot.ended;
  expect(answered.records).toContainEqual(expect.objectContaining({ event: 'call_ended', summary: 'hangup' }));
  expect(lastOf(answered, 'call')).toMatchObject({ outcome: 'completed' });
  expect(await server.signaling.activeCalls()).toEqual([]);
});

it('[CLI-10] Ctrl-C while it rings cancels the call', async () => {
  const robot = as('bob', 'answer', '--ignore', '--count', '1');
  await robot.says({ type: 'ready' });
  const caller = as('alice', 'call', 'bob');
  await robot.says({ event: 'incoming_call' });
  caller.kill('SIGINT');
  expect((await caller.ended).code).toBe(130);
  expect(lastOf(await robot.ended, 'call')).toMatchObject({ outcome: 'cancelled' });
});

it('[CLI-10] Ctrl-C at a robot in a call hangs up, reports the call and exits 130', async () => {
  const robot = as('bob', 'answer');
  await robot.says({ type: 'ready' });
  const caller = as('alice', 'call', 'bob', '--hold', '1h');
  await caller.hearsEveryCandidate();
  robot.kill('SIGINT');
  const answered = await robot.ended;
  expect(lastOf(answered, 'call')).toMatchObject({ outcome: 'interrupted' });
  expect(answered.code).toBe(130);
  expect(lastOf(await caller.ended, 'result')).toMatchObject({ outcome: 'completed', exitCode: 0 });
});

it('[CLI-10] Ctrl-C at a watcher leaves at once, without the grace of a lost connection', async () => {
  const watcher = as('alice', 'watch');
  await watcher.says({ event: 'users_updated' });
  const gone = new Promise<number>((resolve) => {
    server.signaling.on('userOffline', () => resolve(performance.now()));
  });
  const startedAt = performance.now();
  watcher.kill('SIGINT');
  const { code, records } = await watcher.ended;
  expect((await gone) - startedAt).toBeLessThan(10_000);
  expect(lastOf({ code, records, stdout: '', stderr: '' }, 'result')).toMatchObject({ exitCode: 130 });
  expect(code).toBe(130);
});

it('[CLI-10] SIGTERM cleans up in the same way and exits 143', async () => {
  const watcher = as('alice', 'watch');
  await watcher.says({ event: 'users_updated' });
  watcher.kill('SIGTERM');
  expect((await watcher.ended).code).toBe(143);
  expect((await server.signaling.onlineUsers()).map(({ username }) => username)).not.toContain('alice');
});

it('[CLI-10] the same signal twice within milliseconds, as npm passes it on, is one', async () => {
  const robot = as('bob', 'answer', '--count', '1');
  await robot.says({ type: 'ready' });
  const caller = as('alice', 'call', 'bob', '--hold', '1h');
  await caller.says({ event: 'call_accepted' });
  caller.kill('SIGINT');
  // By now the first has been handled; sent together they would be one signal to the kernel already.
  await caller.says({ event: 'end_call' });
  caller.kill('SIGINT');
  expect(lastOf(await caller.ended, 'result')).toMatchObject({ exitCode: 130 });
  expect((await robot.ended).records).toContainEqual(
    expect.objectContaining({ event: 'call_ended', summary: 'hangup' }),
  );
});

/** Lets users join and place calls, and then answers nothing any more. */
async function startDeafServer() {
  const http = createServer((request, response) => {
    const login = { user: { id: 'u1', username: 'alice' }, token: 't' };
    response.end(JSON.stringify(request.method === 'POST' ? login : []));
  });
  const io = new Server(http);
  io.on('connection', (socket) => {
    socket.on('join', (_payload, ack) => ack({ ok: true, protocol: 2, onlineUsers: [], ringTimeoutMs: 60_000 }));
    socket.on('call_user', ({ callId }, ack) => ack({ ok: true, callId, status: 'ringing' }));
  });
  const { url } = await listenOnLoopback(http);
  return { io, url };
}

it('[CLI-10] Ctrl-C ends it soon also when the server no longer answers, and a second one at once', async () => {
  const { io, url } = await startDeafServer();
  const ring = async () => {
    const caller = cli.start(['call', 'bob', '--json', '--user', 'alice', '--url', url, '--timeout', '1m']);
    await caller.says({ event: 'ack', summary: 'call_user: ringing' });
    return caller;
  };
  const [patient, hasty] = await Promise.all([ring(), ring()]);
  const order: string[] = [];
  const patientEnded = patient.ended.then(({ code }) => order.push(`patient ${code}`));
  const hastyEnded = hasty.ended.then(({ code }) => order.push(`hasty ${code}`));
  const startedAt = performance.now();
  // Hanging up would wait a minute for its answer; 2 s are given, which end later for the hasty one.
  patient.kill('SIGINT');
  await delay(500);
  hasty.kill('SIGINT');
  await delay(700);
  hasty.kill('SIGINT');
  await Promise.all([patientEnded, hastyEnded]);
  expect(order).toEqual(['hasty 130', 'patient 130']);
  expect(performance.now() - startedAt).toBeGreaterThan(1900);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  await io.close();
});
