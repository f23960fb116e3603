import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userIdOf } from 'signal-core/protocol';
import { startTestServer, type TestServer } from 'signal-core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromeCallsFirefox } from '../src/session/recordings/chrome-calls-firefox.js';
import { CliRunner, lastOf } from './support/cli.js';
import { deadUrl } from './support/foreign-server.js';

const cli = new CliRunner();
let server: TestServer;
let names = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await cli.close();
  await server.close();
});

/** A robot that can be called, under a name of its own. */
async function callee(...flags: string[]) {
  names += 1;
  const name = `callee-${names}`;
  const robot = cli.start(['answer', '--count', '1', '--json', '--user', name, '--url', server.url, ...flags]);
  await robot.says({ type: 'ready' });
  return { name, robot };
}

function call(name: string, ...flags: string[]) {
  names += 1;
  return cli.start([
    'call',
    name,
    '--json',
    '--hold',
    '0ms',
    '--user',
    `caller-${names}`,
    '--url',
    server.url,
    ...flags,
  ]);
}

it('[CLI-8] a recorded call reaches the other side byte for byte, in both directions', async () => {
  const { name, robot } = await callee('--auto');
  const caller = await call(name).ended;
  const answered = await robot.ended;
  const recorded = {
    offer: chromeCallsFirefox.offer.candidates.length,
    answer: chromeCallsFirefox.answer.candidates.length,
  };
  expect(lastOf(caller, 'result')).toMatchObject({
    ok: true,
    exitCode: 0,
    outcome: 'completed',
    media: {
      kind: 'scripted',
      verified: true,
      candidatesSent: recorded.offer + 1,
      candidatesReceived: recorded.answer + 1,
    },
  });
  expect(lastOf(answered, 'call')).toMatchObject({
    outcome: 'completed',
    media: { verified: true, candidatesSent: recorded.answer + 1, candidatesReceived: recorded.offer + 1 },
  });
  expect(lastOf(answered, 'result')).toMatchObject({ ok: true, exitCode: 0, calls: 1, failed: 0 });
  expect([caller.code, answered.code]).toEqual([0, 0]);
});

it('[CLI-8] an audio call is the recording of the other browser', async () => {
  const { name, robot } = await callee();
  const caller = await call(name, '--audio').ended;
  const answered = await robot.ended;
  expect(lastOf(caller, 'result')).toMatchObject({ outcome: 'completed', media: { verified: true } });
  expect(lastOf(answered, 'call')).toMatchObject({ outcome: 'completed', media: { verified: true } });
  const incoming = answered.records.find(({ event }) => event === 'incoming_call');
  expect(incoming?.summary).toContain('audio');
});

it('[CLI-8] as many candidates as told are sent, held while it rings, and all arrive in order', async () => {
  const { name, robot } = await callee('--delay', '300ms');
  const caller = await call(name, '--ice', '199').ended;
  expect(lastOf(caller, 'result')).toMatchObject({
    outcome: 'completed',
    media: { candidatesSent: 199, verified: true },
  });
  expect(lastOf(await robot.ended, 'call')).toMatchObject({ media: { candidatesReceived: 199, verified: true } });
});

it('[CLI-8] an offer from a file is sent as it is, with line ends as the grammar wants them', async () => {
  const file = join(cli.configDir, 'offer.sdp');
  const sdp = chromeCallsFirefox.offer.sdp.replace(/^o=- \d+/m, 'o=- 4242');
  writeFileSync(file, sdp.replaceAll('\r\n', '\n'));
  const { name, robot } = await callee('-v');
  const caller = await call(name, '--offer', file).ended;
  const answered = await robot.ended;
  const incoming = answered.records.find(({ event }) => event === 'incoming_call');
  expect(incoming?.body).toMatchObject({ offer: { type: 'offer', sdp } });
  expect(lastOf(caller, 'result')).toMatchObject({ outcome: 'completed', media: { verified: null } });
  expect(lastOf(answered, 'call')).toMatchObject({
    outcome: 'completed',
    media: { verified: null, candidatesReceived: 1 },
  });
});

it('[CLI-7] a user is called by id as well as by name', async () => {
  const { name, robot } = await callee();
  const caller = await call(userIdOf(name)).ended;
  expect(lastOf(caller, 'result')).toMatchObject({
    outcome: 'completed',
    peer: { id: userIdOf(name), username: name },
  });
  await robot.ended;
});

it('[CLI-7] nobody calls himself', async () => {
  const { code, stderr } = await cli.run(['call', 'alice', '--user', 'alice', '--quiet', '--url', server.url]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'signal-cli: you cannot call yourself\n' });
});

it('[CLI-1] a rejected call is exit code 10', async () => {
  const { name, robot } = await callee('--reject');
  const caller = await call(name).ended;
  expect(lastOf(caller, 'result')).toMatchObject({ ok: false, exitCode: 10, outcome: 'rejected' });
  expect(caller.code).toBe(10);
  expect(lastOf(await robot.ended, 'call')).toMatchObject({ outcome: 'rejected' });
});

it('[CLI-1] a call rejected as busy is exit code 10 too, and says busy', async () => {
  const { name, robot } = await callee('--busy');
  const caller = await call(name).ended;
  expect(lastOf(caller, 'result')).toMatchObject({ exitCode: 10, outcome: 'busy' });
  expect(caller.code).toBe(10);
  await robot.ended;
});

it('[CLI-1] somebody in another call is busy: exit code 10', async () => {
  const { name, robot } = await callee();
  const first = call(name, '--hold', '30s');
  await first.says({ event: 'call_accepted' });
  const second = await call(name).ended;
  expect(lastOf(second, 'result')).toMatchObject({ exitCode: 10, outcome: 'busy' });
  first.kill('SIGINT');
  await first.ended;
  await robot.ended;
});

it('[CLI-1] somebody offline, known to the server or not, is exit code 11', async () => {
  const known = await callee('--reject');
  await call(known.name).ended;
  await known.robot.ended;
  for (const name of [known.name, 'nobody-ever']) {
    const { code, records, stderr, stdout } = await call(name).ended;
    expect(lastOf({ code, records, stderr, stdout }, 'result')).toMatchObject({ exitCode: 11, outcome: 'offline' });
    expect(code).toBe(11);
  }
});

it('[CLI-1] a call that nobody answers is exit code 12, cancelled after --timeout', async () => {
  const { name, robot } = await callee('--ignore');
  const caller = await call(name, '--timeout', '300ms').ended;
  expect(lastOf(caller, 'result')).toMatchObject({ exitCode: 12, outcome: 'no_answer' });
  expect(caller.code).toBe(12);
  expect(lastOf(await robot.ended, 'call')).toMatchObject({ outcome: 'cancelled', media: null });
});

it('[CLI-1] a call that the server ends unanswered is exit code 12', async () => {
  const impatient = await startTestServer({ ringTimeoutMs: 300 });
  const robot = cli.start(['answer', '--ignore', '--count', '1', '--json', '--user', 'bob', '--url', impatient.url]);
  await robot.says({ type: 'ready' });
  const caller = await cli.run(['call', 'bob', '--json', '--user', 'alice', '--url', impatient.url]);
  expect(lastOf(caller, 'result')).toMatchObject({ exitCode: 12, outcome: 'no_answer', reason: null });
  expect(caller.code).toBe(12);
  expect(lastOf(await robot.ended, 'call')).toMatchObject({ outcome: 'no_answer' });
  await impatient.close();
});

it('[CLI-1] a call that the server does not allow is exit code 13, with the code of the refusal', async () => {
  const strict = await startTestServer({ authorizeCall: () => false });
  const { code, stdout } = await cli.run(['call', 'bob', '--user', 'alice', '--url', strict.url]);
  await strict.close();
  expect(stdout).toContain('failed: call to bob, forbidden');
  expect(code).toBe(13);
});

it('[CLI-1] a call whose peer is removed is exit code 13', async () => {
  const { name, robot } = await callee();
  const caller = call(name, '--hold', '30s');
  await caller.says({ event: 'call_accepted' });
  await server.signaling.disconnectUser(userIdOf(name));
  const result = await caller.ended;
  expect(lastOf(result, 'result')).toMatchObject({ exitCode: 13, outcome: 'failed' });
  expect(result.code).toBe(13);
  expect((await robot.ended).code).not.toBe(0);
});

it('[CLI-11] a robot says READY only once it can be called, and takes as many calls as told', async () => {
  const robot = cli.start(['answer', '--count', '3', '--user', 'patient', '--url', server.url]);
  const ready = await robot.prints((line) => line.startsWith('READY'));
  expect(ready).toBe(`READY patient ${userIdOf('patient')}`);
  for (let turn = 0; turn < 3; turn += 1) expect((await call('patient').ended).code).toBe(0);
  const { code, stdout } = await robot.ended;
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('3 calls, 0 failed');
  expect(code).toBe(0);
});

it('[CLI-9] every event is a timeline entry with time, direction, event, call id and summary', async () => {
  const { name, robot } = await callee();
  const startedAt = Date.now();
  const caller = await call(name).ended;
  const answered = await robot.ended;
  const { callId } = lastOf(caller, 'result');
  const placed = caller.records.find(({ event }) => event === 'call_user');
  const arrived = answered.records.find(({ event }) => event === 'incoming_call');
  expect(placed).toEqual({
    type: 'event',
    at: expect.any(Number),
    direction: 'sent',
    event: 'call_user',
    callId,
    summary: expect.stringContaining('video, offer'),
  });
  expect(arrived).toMatchObject({ direction: 'received', callId });
  const [sentAt, receivedAt] = [Number(placed?.at), Number(arrived?.at)];
  expect(sentAt).toBeGreaterThan(startedAt);
  expect(sentAt % 1).not.toBe(0);
  // Two processes, one clock: the wall clock of their start may be off by its step.
  expect(receivedAt - sentAt).toBeGreaterThan(-2);
  expect(receivedAt - sentAt).toBeLessThan(5000);
  expect(caller.records.at(-1)?.type).toBe('result');
});

it('[CLI-9] no SDP and no token is printed without --verbose', async () => {
  const { name, robot } = await callee();
  const caller = await call(name).ended;
  for (const { stdout, stderr } of [caller, await robot.ended]) {
    expect(stdout + stderr).not.toMatch(/ice-pwd|fingerprint|v=0|"token"/);
  }
});

it('[CLI-3] with --json every line of stdout is a JSON document, and the last is the result, also of a failure', async () => {
  const { name, robot } = await callee();
  const results = [
    await call(name).ended,
    await robot.ended,
    await call(name).ended,
    await call('x', '--url', await deadUrl()).ended,
  ];
  for (const { stdout, records, code } of results) {
    expect(records).toHaveLength(stdout.trimEnd().split('\n').length);
    expect(records.at(-1)).toMatchObject({ type: 'result', ok: code === 0, exitCode: code });
  }
  expect(results.map(({ code }) => code)).toEqual([0, 0, 11, 3]);
});

it('[CLI-9] --quiet leaves the result only', async () => {
  const { name, robot } = await callee('--quiet');
  const caller = await call(name, '--quiet').ended;
  const { records } = await robot.ended;
  expect(caller.records.map(({ type }) => type)).toEqual(['result']);
  expect(records.map(({ type }) => type)).toEqual(['ready', 'call', 'result']);
});
