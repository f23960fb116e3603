import { type UserRef, userIdOf } from 'signal-core/protocol';
import { startTestServer, TcpProxy, type TestServer } from 'signal-core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { CliRunner, lastOf } from './support/cli.js';

let cli: CliRunner;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => {
  cli = new CliRunner();
});
afterEach(() => cli.close());

const at = (...args: string[]) => cli.start([...args, '--url', server.url]);

it('[CLI-12] users lists everybody, --online those who are there', async () => {
  const robot = at('answer', '--json', '--user', 'bob');
  await robot.says({ type: 'ready' });
  await at('ping', '--count', '1', '--user', 'alice').ended;
  const all = await at('users', '--json').ended;
  const names = all.records.map(({ username, isOnline }) => [username, isOnline]);
  expect(names).toEqual([
    ['alice', false],
    ['bob', true],
  ]);
  const online = await at('users', '--online', '--json').ended;
  expect(online.records).toEqual([expect.objectContaining({ id: userIdOf('bob'), username: 'bob', isOnline: true })]);
  const text = await at('users').ended;
  expect(text.stdout).toMatch(/^○ offline {2}alice {2}[0-9a-f-]{36}/m);
  expect(text.stdout).toMatch(/^● online {3}bob {4}[0-9a-f-]{36}/m);
  expect(text.stderr).toBe('2 users, 1 online\n');
  robot.kill('SIGINT');
  await robot.ended;
});

it('[CLI-12] users --watch says who comes and who goes', async () => {
  const watcher = at('users', '--watch', '--json', '--user', 'wanda');
  const isAbout = (type: string, name: string) => (line: string) =>
    line.includes(`"${type}"`) && line.includes(`"${name}"`);
  await watcher.prints(isAbout('joined', 'wanda'));
  const robot = at('answer', '--json', '--user', 'bob');
  const joined = await watcher.prints(isAbout('joined', 'bob'));
  expect(JSON.parse(joined)).toEqual({
    type: 'joined',
    at: expect.any(Number),
    user: { id: userIdOf('bob'), username: 'bob' },
  });
  await robot.says({ type: 'ready' });
  robot.kill('SIGINT');
  await watcher.prints(isAbout('left', 'bob'));
  watcher.kill('SIGINT');
  expect((await watcher.ended).code).toBe(130);
});

it('[CLI-12] users --watch tells once what changed while its connection was lost', async () => {
  const network = await TcpProxy.before(server.url);
  const watcher = cli.start(['users', '--watch', '--json', '--user', 'wanda', '--url', network.url]);
  await watcher.prints((line) => line.includes('"wanda"'));
  network.freeze();
  const robot = at('answer', '--json', '--user', 'carol');
  await robot.says({ type: 'ready' });
  network.cut();
  network.thaw();
  await watcher.prints((line) => line.includes('"carol"'));
  robot.kill('SIGINT');
  await watcher.prints((line) => line.includes('"left"'));
  watcher.kill('SIGINT');
  const { records } = await watcher.ended;
  const changes = records.filter(({ user }) => user).map(({ type, user }) => [type, (user as UserRef).username]);
  expect(changes).toEqual([
    ['joined', 'wanda'],
    ['joined', 'carol'],
    ['left', 'carol'],
  ]);
  await network.close();
});

it('[CLI-12] watch prints each received event on a line, and nothing that was sent', async () => {
  const watcher = at('watch', '--json', '--user', 'wanda');
  await watcher.says({ event: 'users_updated' });
  await at('call', 'wanda', '--timeout', '300ms', '--user', 'alice').ended;
  await watcher.says({ event: 'call_ended' });
  watcher.kill('SIGINT');
  const { records } = await watcher.ended;
  expect(records).toContainEqual(expect.objectContaining({ event: 'incoming_call', direction: 'received' }));
  expect(records).toContainEqual(expect.objectContaining({ event: 'call_ended', summary: 'cancelled' }));
  expect(records.filter(({ direction }) => direction === 'sent')).toEqual([]);
});

it('[CLI-12] ping gives every round trip and the percentiles', async () => {
  const result = await at('ping', '--count', '5', '--interval', '1ms', '--json', '--user', 'alice').ended;
  const samples = result.records.filter(({ type }) => type === 'pong').map(({ ms }) => Number(ms));
  expect(samples).toHaveLength(5);
  for (const sample of samples) expect(String(sample)).toMatch(/^\d+(\.\d{1,3})?$/);
  expect(lastOf(result, 'result')).toMatchObject({
    ok: true,
    count: 5,
    p50: samples.toSorted((a, b) => a - b)[2],
    max: Math.max(...samples),
  });
  expect(result.code).toBe(0);
});

it('[CLI-12] one round trip is no round trips', async () => {
  const { stdout } = await at('ping', '--count', '1', '--user', 'alice').ended;
  expect(stdout).toContain('\n1 round trip: ');
});

it('[CLI-4] what is piped holds no escape byte', async () => {
  const robot = at('answer', '--count', '1', '--user', 'bob');
  await robot.prints((line) => line.startsWith('READY'));
  const results = await Promise.all([
    at('call', 'bob', '--user', 'alice', '--hold', '0ms', '-v').ended,
    robot.ended,
    at('users').ended,
    at('ping', '--count', '1', '--user', 'carol').ended,
    at('--help').ended,
    at('telephone').ended,
  ]);
  for (const { stdout, stderr } of results) expect(stdout + stderr).not.toContain('\u001b');
});
