import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userIdOf } from 'signal-core/protocol';
import { startTestServer, type TestServer } from 'signal-core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { CliRunner, lastOf } from './support/cli.js';
import { deadUrl, startForeignServer } from './support/foreign-server.js';

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

const stored = () => JSON.parse(readFileSync(join(cli.configDir, 'credentials.json'), 'utf8'));

it('[CLI-5] login keeps user and token by server, readable by this person only', async () => {
  const { code, stdout } = await cli.run(['login', 'alice', '--password-stdin', '--url', server.url], {
    stdin: 'pw\n',
  });
  expect(code).toBe(0);
  expect(stdout).toContain(`logged in to ${server.url} as alice`);
  const login = stored()[`${server.url}/`];
  expect(login).toEqual({ user: { id: userIdOf('alice'), username: 'alice' }, token: expect.any(String) });
  expect(statSync(join(cli.configDir, 'credentials.json')).mode & 0o777).toBe(0o600);
  expect(stdout).not.toContain(login.token);
});

it('[CLI-5] a file that others could read is not readable by them after the next login', async () => {
  const path = join(cli.configDir, 'credentials.json');
  writeFileSync(path, '{}', { mode: 0o644 });
  await cli.run(['login', 'alice', '--password-stdin', '--url', server.url], { stdin: 'pw' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('[CLI-5] without SIGNAL_CLI_CONFIG_DIR it is kept under XDG_CONFIG_HOME', async () => {
  const home = mkdtempSync(join(tmpdir(), 'signal-cli-xdg-'));
  try {
    const env = { SIGNAL_CLI_CONFIG_DIR: '', XDG_CONFIG_HOME: home };
    const result = await cli.run(['login', 'alice', '--password-stdin', '--json', '--url', server.url], {
      stdin: 'pw',
      env,
    });
    expect(lastOf(result, 'result').storedIn).toBe(join(home, 'signal-cli', 'credentials.json'));
    expect(statSync(join(home, 'signal-cli', 'credentials.json')).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(home, { recursive: true });
  }
});

it('[CLI-5] the password may come from a file, of which the first line counts', async () => {
  const asked: string[] = [];
  const { url, stop } = await startForeignServer((request, response) => {
    request.on('data', (chunk) => asked.push(String(chunk)));
    request.on('end', () => response.end(JSON.stringify({ user: { id: 'u1', username: 'alice' }, token: 't' })));
  });
  const file = join(cli.configDir, 'password');
  writeFileSync(file, 'correct horse\r\nsecond line\n');
  const { code } = await cli.run(['login', 'alice', '--password-file', file, '--url', url]);
  await stop();
  expect(JSON.parse(asked.join(''))).toEqual({ username: 'alice', password: 'correct horse' });
  expect(code).toBe(0);
});

it('[CLI-5] logins at two servers do not replace each other', async () => {
  const other = await startTestServer();
  await cli.run(['login', 'alice', '--password-stdin', '--url', server.url], { stdin: 'pw' });
  await cli.run(['login', 'bob', '--password-stdin', '--url', other.url], { stdin: 'pw' });
  await other.close();
  expect(stored()[`${server.url}/`].user.username).toBe('alice');
  expect(stored()[`${other.url}/`].user.username).toBe('bob');
});

it('[CLI-6] a stored login is who acts, and --user and SIGNAL_CLI_USER act as somebody else without a password', async () => {
  await cli.run(['login', 'alice', '--password-stdin', '--url', server.url], { stdin: 'pw' });
  const base = ['ping', '--count', '1', '--json', '--url', server.url];
  const online: string[] = [];
  server.signaling.on('userOnline', ({ username }) => online.push(username));
  expect((await cli.run(base)).code).toBe(0);
  expect((await cli.run([...base, '--user', 'bob'])).code).toBe(0);
  expect((await cli.run(base, { env: { SIGNAL_CLI_USER: 'carol' } })).code).toBe(0);
  expect(online).toEqual(['alice', 'bob', 'carol']);
});

it('[CLI-6] --user NAME shows the stored login of that name only', async () => {
  const shown: unknown[] = [];
  const { url, stop } = await startForeignServer(({ headers }, response) => {
    shown.push(headers.authorization);
    response.end('[]');
  });
  writeFileSync(
    join(cli.configDir, 'credentials.json'),
    JSON.stringify({ [`${url}/`]: { user: { id: 'u1', username: 'alice' }, token: 't' } }),
  );
  for (const args of [[], ['--user', 'alice'], ['--user', 'bob']]) await cli.run(['users', ...args, '--url', url]);
  await stop();
  expect(shown).toEqual(['Bearer t', 'Bearer t', undefined]);
});

it('[CLI-1] a refused login is exit code 4', async () => {
  const { url, stop } = await startForeignServer((_request, response) => {
    response.writeHead(401).end(JSON.stringify({ error: 'Wrong password', code: 'unauthorized' }));
  });
  const result = await cli.run(['login', 'alice', '--password-stdin', '--json', '--url', url], { stdin: 'pw' });
  await stop();
  expect(result.stderr).toContain('Wrong password');
  expect(lastOf(result, 'result')).toMatchObject({ ok: false, exitCode: 4, error: { code: 'unauthorized' } });
  expect(result.code).toBe(4);
});

it('[CLI-20] who tries too often is told when to try again, exit code 4', async () => {
  const { url, stop } = await startForeignServer((_request, response) => {
    response.writeHead(429, { 'retry-after': '12' }).end(JSON.stringify({ error: 'slow down', code: 'rate_limited' }));
  });
  const { code, stderr } = await cli.run(['login', 'alice', '--password-stdin', '--url', url], { stdin: 'pw' });
  await stop();
  expect(stderr).toContain('too many attempts; try again in 12 s');
  expect(code).toBe(4);
});

it('[CLI-1] a server that has no password login is exit code 4', async () => {
  const { url, stop } = await startForeignServer((_request, response) => response.writeHead(404).end());
  const { code, stderr } = await cli.run(['login', 'alice', '--password-stdin', '--url', url], { stdin: 'pw' });
  await stop();
  expect(stderr).toContain('no password login');
  expect(code).toBe(4);
});

it('[CLI-1] a server that is not there is exit code 3, with and without a stored login', async () => {
  const url = await deadUrl();
  writeFileSync(
    join(cli.configDir, 'credentials.json'),
    JSON.stringify({ [`${url}/`]: { user: { id: 'u1', username: 'alice' }, token: 't' } }),
  );
  for (const args of [['users'], ['watch'], ['watch', '--user', 'bob'], ['login', 'bob', '--password-stdin']]) {
    const { code, stderr, stdout } = await cli.run([...args, '--url', url], { stdin: 'pw' });
    expect(stderr).toContain(`cannot reach ${url} (ECONNREFUSED)`);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  }
});

it('[CLI-1] a server that does not answer in time is exit code 3', async () => {
  const { url, stop } = await startForeignServer(() => {});
  const { code, stderr } = await cli.run(['users', '--timeout', '200ms', '--url', url]);
  await stop();
  expect(stderr).toContain('no answer in time');
  expect(code).toBe(3);
});

it('[CLI-1] something else that answers there is exit code 3', async () => {
  const { url, stop } = await startForeignServer((_request, response) => response.end('<h1>It works!</h1>'));
  const { code, stderr } = await cli.run(['users', '--url', url]);
  await stop();
  expect(stderr).toContain('not as a signaling server');
  expect(code).toBe(3);
});

it('[CLI-18] a server at another Socket.IO path is exit code 3 and a hint, and is reached with --path', async () => {
  const moved = await startTestServer({ path: '/signaling' });
  const args = ['ping', '--count', '1', '--user', 'alice', '--url', moved.url];
  const missed = await cli.run(args);
  const found = await cli.run([...args, '--path', '/signaling']);
  const foundByEnv = await cli.run(args, { env: { SIGNAL_CLI_PATH: '/signaling' } });
  await moved.close();
  expect(missed.stderr).toContain(`${moved.url}/socket.io (HTTP 404): another Socket.IO path? see --path`);
  expect([missed.code, found.code, foundByEnv.code]).toEqual([3, 0, 0]);
});

it('[CLI-1] a damaged credentials file is exit code 1 and says which file', async () => {
  writeFileSync(join(cli.configDir, 'credentials.json'), '{');
  const { code, stderr } = await cli.run(['watch', '--url', server.url]);
  expect(stderr).toContain('credentials.json is damaged');
  expect(code).toBe(1);
});

it('[CLI-2] a name that the server does not take is exit code 2', async () => {
  const { code, stderr } = await cli.run(['watch', '--user', 'x'.repeat(65), '--url', server.url]);
  expect(stderr).toContain('refused the request');
  expect(code).toBe(2);
});
