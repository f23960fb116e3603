import { createServer } from 'node:http';
import { userIdOf } from 'signal-core/protocol';
import { listenOnLoopback, startTestServer, TcpProxy } from 'signal-core/testing';
import { Server } from 'socket.io';
import { afterAll, expect, it } from 'vitest';
import { type CliProcess, CliRunner, lastOf } from './support/cli.js';
import { startLegacyServer } from './support/legacy-server.js';

const cli = new CliRunner();
afterAll(() => cli.close());

it('[CLI-13] a watcher whose server is gone gives up after --timeout with exit code 3', async () => {
  const server = await startTestServer();
  const watcher = cli.start(['watch', '--json', '--timeout', '2s', '--user', 'alice', '--url', server.url]);
  await watcher.says({ event: 'users_updated' });
  await server.close();
  const { code, records, stderr } = await watcher.ended;
  expect(records).toContainEqual(expect.objectContaining({ event: 'server_draining' }));
  expect(records).toContainEqual(expect.objectContaining({ event: 'connection_lost', direction: 'local' }));
  expect(stderr).toContain('is gone');
  expect(code).toBe(3);
});

it('[CLI-13] a call whose server is gone for good is exit code 13', async () => {
  const server = await startTestServer();
  const at = ['--json', '--timeout', '2s', '--url', server.url];
  const robot = cli.start(['answer', '--count', '1', '--user', 'bob', ...at]);
  await robot.says({ type: 'ready' });
  const caller = cli.start(['call', 'bob', '--hold', '1h', '--user', 'alice', ...at]);
  await caller.hearsEveryCandidate();
  await server.close();
  const result = await caller.ended;
  expect(lastOf(result, 'result')).toMatchObject({ exitCode: 13, outcome: 'failed' });
  expect(result.code).toBe(13);
  await robot.ended;
});

it('[CLI-13] a connection that comes back is joined again, and the call goes on', async () => {
  const server = await startTestServer();
  const network = await TcpProxy.before(server.url);
  const robot = cli.start(['answer', '--count', '1', '--json', '--user', 'bob', '--url', network.url]);
  await robot.says({ type: 'ready' });
  const caller = cli.start(['call', 'bob', '--hold', '2s', '--json', '--user', 'alice', '--url', network.url]);
  await caller.hearsEveryCandidate();
  network.cut();
  const [result, answered] = await Promise.all([caller.ended, robot.ended]);
  for (const { records } of [result, answered]) {
    expect(records.filter(({ event }) => event === 'join')).toHaveLength(2);
    expect(records).toContainEqual(expect.objectContaining({ event: 'connection_lost' }));
  }
  expect(lastOf(result, 'result')).toMatchObject({ outcome: 'completed', exitCode: 0 });
  expect(lastOf(answered, 'call')).toMatchObject({ outcome: 'completed' });
  await network.close();
  await server.close();
});

/** Both sides got every byte, and one of them over two connections. */
async function expectVerified(caller: CliProcess, robot: CliProcess, lost: CliProcess): Promise<void> {
  const [result, answered] = await Promise.all([caller.ended, robot.ended]);
  expect(lastOf(result, 'result')).toMatchObject({
    outcome: 'completed',
    media: { verified: true, candidatesSent: 150 },
  });
  expect(lastOf(answered, 'call')).toMatchObject({
    outcome: 'completed',
    media: { verified: true, candidatesReceived: 150 },
  });
  expect((await lost.ended).records.filter(({ event }) => event === 'join')).toHaveLength(2);
}

it('[CLI-13] an answer and candidates that are on their way when the connection is cut arrive once', async () => {
  const server = await startTestServer();
  const network = await TcpProxy.before(server.url);
  const robot = cli.start(['answer', '--count', '1', '--json', '--user', 'bob', '--url', network.url]);
  await robot.says({ type: 'ready' });
  network.delayMs = 1500;
  const caller = cli.start(['call', 'bob', '--ice', '150', '--json', '--user', 'alice', '--url', server.url]);
  await robot.says({ event: 'ice_candidates', direction: 'sent' });
  network.delayMs = 0;
  network.cut();
  await expectVerified(caller, robot, robot);
  await network.close();
  await server.close();
});

it('[CLI-13] an answer and candidates that the server has sent when the connection is cut arrive once', async () => {
  const server = await startTestServer();
  const network = await TcpProxy.before(server.url);
  const robot = cli.start(['answer', '--delay', '2s', '--count', '1', '--json', '--user', 'bob', '--url', server.url]);
  await robot.says({ type: 'ready' });
  const caller = cli.start(['call', 'bob', '--ice', '150', '--json', '--user', 'alice', '--url', network.url]);
  await robot.hearsEveryCandidate();
  network.freeze();
  await robot.says({ event: 'ack', summary: 'ice_candidates: ok' });
  expect(caller.lines.join()).not.toContain('call_accepted');
  network.cut();
  network.thaw();
  await expectVerified(caller, robot, caller);
  await network.close();
  await server.close();
});

it('[CLI-13] a ring and candidates that are lost on their way to a robot come again', async () => {
  const server = await startTestServer();
  const network = await TcpProxy.before(server.url);
  const robot = cli.start(['answer', '--count', '1', '--json', '--user', 'bob', '--url', network.url]);
  await robot.says({ type: 'ready' });
  network.freeze();
  const caller = cli.start(['call', 'bob', '--ice', '150', '--json', '--user', 'alice', '--url', server.url]);
  await caller.says({ event: 'ack', summary: 'ice_candidates: ok' });
  network.cut();
  network.thaw();
  await expectVerified(caller, robot, robot);
  await network.close();
  await server.close();
});

it('[CLI-1] a join that the server refuses is exit code 4', async () => {
  const http = createServer(({ method }, response) =>
    response.end(JSON.stringify(method === 'GET' ? [] : { user: { id: 'u1', username: 'alice' }, token: 't' })),
  );
  const io = new Server(http);
  io.on('connection', (socket) =>
    socket.on('join', (_payload, ack) =>
      ack({ ok: false, error: { code: 'unauthorized', message: 'no such ticket' } }),
    ),
  );
  const { url } = await listenOnLoopback(http);
  const { code, stderr } = await cli.run(['watch', '--user', 'alice', '--url', url]);
  await io.close();
  expect(stderr).toContain('unauthorized, no such ticket');
  expect(code).toBe(4);
});

it('[CLI-15] a server that knows only the legacy protocol serves as well', async () => {
  const server = await startLegacyServer();
  const robot = cli.start(['answer', '--count', '1', '--json', '--user', 'bob', '--url', server.url]);
  await robot.says({ type: 'ready' });
  const caller = await cli.run(['call', 'bob', '--hold', '0ms', '--json', '--user', 'alice', '--url', server.url]);
  const answered = await robot.ended;
  expect(lastOf(caller, 'result')).toMatchObject({ outcome: 'completed', callId: 'call-1', media: { verified: true } });
  expect(lastOf(answered, 'call')).toMatchObject({ outcome: 'completed', media: { verified: true } });
  const offline = await cli.run(['call', 'bob', '--user', 'alice', '--url', server.url]);
  expect(offline.code).toBe(11);
  const ping = await cli.run(['ping', '--count', '1', '--user', 'alice', '--url', server.url]);
  expect(ping.code).toBe(0);
  await server.close();
});

it('[CLI-8] a server that changes one byte of an offer is found out by the callee: exit code 13', async () => {
  const server = await startLegacyServer((event, payload) =>
    event === 'incoming_call'
      ? JSON.parse(JSON.stringify(payload).replace('ice-ufrag:fy8o', 'ice-ufrag:fy8O'))
      : payload,
  );
  const { answered } = await callThrough(server.url);
  expect(lastOf(answered, 'call')).toMatchObject({ outcome: 'failed', media: { verified: false } });
  expect(lastOf(answered, 'call').reason).toContain('not the recorded one at byte');
  expect(answered.code).toBe(13);
  await server.close();
});

it('[CLI-8] a server that changes one byte of an answer is found out by the caller: exit code 13', async () => {
  const server = await startLegacyServer((event, payload) =>
    event === 'call_accepted'
      ? JSON.parse(JSON.stringify(payload).replace('a=setup:active', 'a=setup:Active'))
      : payload,
  );
  const robot = cli.start(['answer', '--count', '1', '--json', '--user', 'bob', '--url', server.url]);
  await robot.says({ type: 'ready' });
  const { code, stdout } = await cli.run(['call', 'bob', '--user', 'alice', '--url', server.url]);
  expect(stdout).toContain('NOT as recorded');
  expect(code).toBe(13);
  await robot.ended;
  await server.close();
});

it('[CLI-8] a server that loses the last candidates is found out', async () => {
  let count = 0;
  const server = await startLegacyServer((event, payload) => {
    if (event !== 'ice_candidate' || payload.candidate === null || payload.from !== userIdOf('alice')) return payload;
    count += 1;
    return count > 15 && count <= 17 ? undefined : payload;
  });
  const { answered } = await callThrough(server.url);
  expect(lastOf(answered, 'call')).toMatchObject({ outcome: 'failed', media: { verified: false } });
  expect(lastOf(answered, 'call').reason).toContain('candidates are missing after the first 15');
  await server.close();
});

it('[CLI-8] a server that sends one candidate again in place of the next is found out', async () => {
  let first: Record<string, unknown> | undefined;
  let count = 0;
  const server = await startLegacyServer((event, payload) => {
    if (event !== 'ice_candidate' || payload.from !== userIdOf('alice')) return payload;
    first ??= payload;
    count += 1;
    return count === 2 ? first : payload;
  });
  const { answered } = await callThrough(server.url);
  expect(lastOf(answered, 'call').reason).toContain('candidate 2 is not the recorded one');
  await server.close();
});

async function callThrough(url: string) {
  const robot = cli.start(['answer', '--count', '1', '--json', '--user', 'bob', '--url', url]);
  await robot.says({ type: 'ready' });
  await cli.run(['call', 'bob', '--hold', '0ms', '--json', '--user', 'alice', '--url', url]);
  return { answered: await robot.ended };
}
