import { startTestServer, type TestServer } from 'signal-core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliResult, CliRunner, lastOf } from './support/cli.js';
import { ServerProcess } from './support/server-process.js';

const cli = new CliRunner();
let server: TestServer;
let signaling: ServerProcess | undefined;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await cli.close();
  await server.close();
  await signaling?.kill();
});

it('[CLI-16] --rtc opens a real data channel through the server and exchanges a message each way', async () => {
  const robot = cli.start(['answer', '--rtc', '--count', '1', '--json', '--user', 'bob', '--url', server.url]);
  await robot.says({ type: 'ready' });
  const caller = await cli.run([
    'call',
    'bob',
    '--rtc',
    '--hold',
    '0ms',
    '--json',
    '--user',
    'alice',
    '--url',
    server.url,
  ]);
  const answered = await robot.ended;
  const media = [lastOf(caller, 'result').media, lastOf(answered, 'call').media];
  for (const side of media) {
    expect(side).toEqual({
      kind: 'rtc',
      iceConnectedMs: expect.any(Number),
      channelOpenMs: expect.any(Number),
      messageSent: expect.any(String),
      messageReceived: expect.any(String),
      localCandidates: { host: expect.any(Number) },
      remoteCandidates: { host: expect.any(Number) },
    });
  }
  const [mine, theirs] = media.map((side) => side as Record<string, unknown>);
  expect(theirs?.messageReceived).toBe(mine?.messageSent);
  expect(mine?.messageReceived).toBe(theirs?.messageSent);
  expect(Number(mine?.channelOpenMs)).toBeGreaterThanOrEqual(Number(mine?.iceConnectedMs));
  expect([caller.code, answered.code]).toEqual([0, 0]);
});

it('[CLI-16] the offer that is sent holds no candidates: they go through the server by themselves', async () => {
  const robot = cli.start(['answer', '--rtc', '--count', '1', '--json', '-v', '--user', 'bob', '--url', server.url]);
  await robot.says({ type: 'ready' });
  // gathering takes longer than the call
  const caller = cli.start(['call', 'bob', '--rtc', '--hold', '1h', '--user', 'alice', '--url', server.url]);
  await robot.hearsEveryCandidate();
  caller.kill('SIGINT');
  const { records } = await robot.ended;
  const incoming = records.find(({ event }) => event === 'incoming_call');
  expect(JSON.stringify(incoming?.body)).not.toContain('a=candidate');
  const batches = records.filter(({ event, direction }) => event === 'ice_candidates' && direction === 'received');
  expect(batches.flatMap(({ body }) => (body as { candidates: unknown[] }).candidates).length).toBeGreaterThan(1);
});

it('[CLI-16] a peer that answers with a recording never connects: exit code 13 after --timeout', async () => {
  const robot = cli.start(['answer', '--count', '1', '--json', '--user', 'bob', '--url', server.url]);
  await robot.says({ type: 'ready' });
  const caller = await cli.run([
    'call',
    'bob',
    '--rtc',
    '--timeout',
    '2s',
    '--json',
    '--user',
    'alice',
    '--url',
    server.url,
  ]);
  expect(lastOf(caller, 'result')).toMatchObject({ exitCode: 13, outcome: 'failed' });
  expect(caller.code).toBe(13);
  await robot.ended;
});

it('[CLI-16] without the native package --rtc is exit code 2, and says what to install', async () => {
  const env = { NODE_OPTIONS: '--no-addons' };
  const { code, stderr } = await cli.run(['call', 'bob', '--rtc', '--user', 'alice', '--url', server.url], { env });
  expect(stderr).toContain('npm install @roamhq/wrtc');
  expect(code).toBe(2);
});

it('[CLI-13] a real call outlives its server: it is restored, ICE restarts through the new one, the channel stays open', async () => {
  signaling = await ServerProcess.start();
  const { url } = signaling;
  const as = (user: string, ...args: string[]) =>
    cli.start([...args, '--rtc', '--json', '--timeout', '30s', '--user', user, '--url', url]);
  const robot = as('bob', 'answer', '--count', '1');
  await robot.says({ type: 'ready' });
  const caller = as('alice', 'call', 'bob', '--hold', '1h');
  await caller.says({ event: 'message_received' });
  await signaling.kill();
  const sides = [caller, robot];
  await Promise.all(sides.map((side) => side.says({ event: 'connection_lost' })));
  signaling = await signaling.restart();
  await Promise.all(sides.map((side) => side.prints((line) => /"session_description".*"answer \d+/.test(line))));
  caller.kill('SIGINT');
  const [result, answered] = await Promise.all([caller.ended, robot.ended]);
  expect(eventsUntil(result, 'end_call')).not.toContain('channel_closed');
  // at the end the news of it and the closing of the channel travel apart
  expect(eventsUntil(answered, 'session_description')).not.toContain('channel_closed');
  for (const { records } of [result, answered]) {
    expect(records).toContainEqual(expect.objectContaining({ event: 'call_restore', direction: 'sent' }));
  }
  expect(lastOf(answered, 'call')).toMatchObject({ outcome: 'completed', callId: lastOf(result, 'result').callId });
}, 60_000);

/** The events before the last one of that name. */
function eventsUntil({ records }: CliResult, name: string): unknown[] {
  const events = records.map(({ event }) => event);
  expect(events).toContain(name);
  return events.slice(0, events.lastIndexOf(name));
}
